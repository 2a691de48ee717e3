using Delivery.Aggregator.Hindsight;
using Delivery.Contracts.Events;
using Delivery.Contracts.Readers;

namespace Delivery.Aggregator.Tests.Hindsight;

public sealed class HindsightRulesTests
{
    private const long Minute = 60_000;

    [Fact]
    public void All_links_followed_within_a_second_are_a_scanner_s_and_so_is_its_opening()
    {
        var reading = new Reading();
        reading.Open(42_500, address: 7, agent: 7, machine: true);
        for (var link = 1; link <= 8; link++)
            reading.Click(43_000 + (link * 100), link, address: 7, agent: 7, machine: true);
        Exact(reading);
        Assert.Equal("burst_open", reading.Judge()[0].Verdict.Reason);
        Assert.All(reading.Judge().Skip(1), one => Assert.Equal("link_burst", one.Verdict.Reason));
    }

    [Fact]
    public void A_person_who_clicks_after_the_scanner_or_meanwhile_from_elsewhere_stays_a_person()
    {
        var reading = new Reading();
        for (var link = 1; link <= 8; link++)
            reading.Click(20_000 + (link * 150), link, address: 7, agent: 7, machine: true);
        reading.Open(20_500, address: 1, agent: 1).Click(20_600, 3, address: 1, agent: 1);
        reading.Open(30 * Minute, address: 1, agent: 1).Click(31 * Minute, 3, address: 1, agent: 1);
        reading.Click(90 * Minute, 5, address: 7, agent: 7);
        Exact(reading);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_scanner_that_changes_its_address_or_its_name_with_each_click_is_seen(bool addresses)
    {
        var reading = new Reading();
        for (var link = 1; link <= 8; link++)
            reading.Click(40_000 + (link * 200), link, addresses ? 10 + link : 7, addresses ? 7 : 10 + link, machine: true);
        Exact(reading);
    }

    [Fact]
    public void A_scanner_that_changes_both_is_seen_where_it_is_fast()
    {
        var reading = new Reading();
        for (var link = 1; link <= 8; link++)
            reading.Click(40_000 + (link * 100), link, 10 + link, 10 + link, machine: true);
        Exact(reading);
    }

    [Fact]
    public void Two_quick_clicks_are_a_person_s() =>
        Exact(new Reading().Open(5 * Minute).Click(5 * Minute + 3_000, 2).Click(5 * Minute + 3_700, 3));

    [Fact]
    public void All_three_links_of_a_mail_opened_in_tabs_within_four_seconds_are_a_person_s()
    {
        var reading = new Reading { Links = 3 }.Open(5 * Minute);
        for (var link = 1; link <= 3; link++)
            reading.Click(5 * Minute + (link * 1_300), link);
        Exact(reading);
    }

    [Fact]
    public void The_only_links_of_a_short_mail_followed_as_it_arrives_are_a_scanner_s()
    {
        var reading = new Reading { Links = 2 };
        reading.Click(4_000, 1, machine: true).Click(4_400, 2, machine: true);
        Exact(reading);
        Exact(new Reading { Links = 2 }.Click(20_000, 1).Click(20_400, 2));
    }

    [Fact]
    public void Nobody_clicks_within_two_seconds_of_delivery_or_while_the_peer_still_looks_into_the_mail()
    {
        var reading = new Reading();
        reading.Click(-3_000, 4, machine: true).Click(1_500, 4, address: 3, agent: 3, machine: true).Click(2_500, 4, address: 2, agent: 2).Click(-15_000, 1, address: 4, agent: 4);
        Exact(reading);
        Assert.Equal("before_reading", reading.Judge()[1].Verdict.Reason);
        Exact(new Reading { KnowsDelivery = false }.Click(500, 4));
    }

    [Fact]
    public void Around_a_click_on_the_link_that_no_person_sees_the_same_reader_is_a_scanner()
    {
        var reading = new Reading();
        reading.Open(59_000, 7, 7, machine: true).Click(60_000, 2, 7, 8, machine: true).ScannerLink(62_000, 7, 7).Click(70_000, 3, 9, 7, machine: true);
        reading.Click(65_000, 2, 1, 1).Click(5 * Minute, 3, 7, 7);
        Exact(reading);
        Assert.Equal("near_scanner_link", reading.Judge()[0].Verdict.Reason);
        Assert.Equal("scanner_link", reading.Judge()[2].Verdict.Reason);
    }

    [Fact]
    public void What_a_rule_of_the_first_sight_knows_keeps_its_reason()
    {
        var reading = new Reading();
        for (var link = 1; link <= 8; link++)
            reading.Click(40_000 + link, link, first: new ReaderVerdict(link % 2 == 0 ? ReaderClass.Scanner : ReaderClass.Human, "known"));
        Assert.All(reading.Judge(), one => Assert.Equal(one.Event.First, one.Verdict));
    }

    [Fact]
    public void Slow_and_thorough_is_a_scanner_s_too_where_the_mail_has_many_links()
    {
        var reading = new Reading { Links = 10 };
        for (var link = 1; link <= 10; link++)
            reading.Click(40_000 + (link * 2_500), link, machine: true);
        Exact(reading);
    }

    [Fact]
    public void What_comes_later_in_any_order_gives_the_same_verdicts()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var events = Enumerable.Range(0, random.Next(1, 30))
                .Select(_ => (Ms: (long)random.Next(0, 60_000), Link: random.Next(1, 9), Address: random.Next(3), Agent: random.Next(3), Open: random.Next(4) == 0)).DistinctBy(e => e.Ms).ToList();
            var straight = Verdicts(events);
            var shuffled = Verdicts([.. events.OrderBy(_ => random.Next())]);
            Assert.Equal(straight, shuffled);
        }

        static List<(long, ReaderVerdict)> Verdicts(List<(long Ms, int Link, int Address, int Agent, bool Open)> events)
        {
            var reading = new Reading();
            foreach (var e in events)
                _ = e.Open ? reading.Open(e.Ms, e.Address, e.Agent) : reading.Click(e.Ms, e.Link, e.Address, e.Agent);
            return [.. reading.Judge().Select(one => (one.Event.TimeMs, one.Verdict))];
        }
    }

    private static void Exact(Reading reading) =>
        Assert.All(reading.Judge(), one => Assert.Equal(one.Machine ? ReaderClass.Scanner : ReaderClass.Human, one.Verdict.Class));
}
