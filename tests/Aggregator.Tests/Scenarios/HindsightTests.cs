using System.Net;
using Delivery.Contracts.Events;
using Delivery.Contracts.Tokens;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>Classes that are revised by what comes later, and every figure with them.</summary>
[Collection(SharedStoresCollection.Name)]
[Trait("speed", "slow")]
public class HindsightTests(SharedStores stores)
{
    private const ulong Job = 4242;
    private const string On = "--Aggregator:Hindsight:Enabled=true";
    private const string Soon = "--Aggregator:Hindsight:Interval=00:00:00.050";
    private const string Never = "--Aggregator:Hindsight:Interval=00:10:00";
    private static readonly IPAddress Gateway = IPAddress.Parse("192.0.2.10");
    private static readonly IPAddress Home = IPAddress.Parse("198.51.100.7");
    private readonly long _now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 3_600_000;

    [Fact]
    public async Task A_burst_that_comes_in_two_halves_is_a_scanner_s_in_every_figure_and_the_person_s_own_click_stays()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync(settings: [On, Soon]);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync([Event(EventKind.Accepted, 0), Event(EventKind.Delivered, 0), Click(20_000, 1), Click(20_200, 2), Click(20_400, 3)]);
        await installation.DrainedAsync();
        await ClassesAsync(installation, human: 3, scanner: 0);
        Assert.Equal(3, (await aggregator.ReportAsync(Job)).GetProperty("clicks").GetProperty("total").GetInt64());

        await producer.PublishAsync([Open(19_800), Click(20_600, 4), Click(20_300, 5), Click(20_900, 6), Open(600_000, Home), Click(610_000, 2, Home)]);
        await ClassesAsync(installation, human: 2, scanner: 7);
        await Eventually.HoldsAsync(async () => (await aggregator.ReportAsync(Job)).GetProperty("clicks").GetProperty("total").GetInt64() == 1, "the report follows");
        var report = await aggregator.ReportAsync(Job);
        Assert.Equal(1, report.GetProperty("clicks").GetProperty("unique").GetInt64());
        Assert.Equal(1, report.GetProperty("opens").GetProperty("total").GetInt64());
        Assert.Equal(6, report.GetProperty("machines").GetProperty("clicks").GetProperty("total").GetInt64());
        Assert.Equal(9UL, await installation.NumberAsync("SELECT count() FROM events WHERE class = 'human' AND kind IN ('opened', 'clicked')"));
        Assert.Equal("burst_open\t1\nlink_burst\t6\n", await installation.TextAsync("SELECT class_reason, count() FROM v_events WHERE class = 'scanner' GROUP BY ALL ORDER BY ALL"));
        Assert.Empty(await installation.NewVerifier().FindDifferingAsync([Job], default));
    }

    [Fact]
    public async Task What_an_owner_did_not_look_at_the_next_one_does()
    {
        await using var installation = await stores.InstallAsync();
        var first = await installation.StartAggregatorAsync(settings: [On, Never]);
        await installation.NewProducer(1).PublishAsync([Event(EventKind.Delivered, 0), .. Sweep(30_000)]);
        await installation.DrainedAsync();
        Assert.True(await installation.Redis.KeyExistsAsync(installation.Names.Key("hindsight")));
        await first.StopAsync();
        Assert.Equal(0UL, await installation.NumberAsync("SELECT count() FROM reclassifications"));

        var second = await installation.StartAggregatorAsync(settings: [On, Soon]);
        await ClassesAsync(installation, human: 0, scanner: 6);
        await Eventually.HoldsAsync(async () => (await second.ReportAsync(Job)).GetProperty("clicks").GetProperty("total").GetInt64() == 0, "the report follows");
        Assert.Equal(6UL, await installation.NumberAsync("SELECT count() FROM reclassifications"));
    }

    [Fact]
    public async Task A_delivery_that_is_told_after_the_click_is_looked_at_with_it()
    {
        await using var installation = await stores.InstallAsync();
        await installation.StartAggregatorAsync(settings: [On, Soon]);
        await installation.NewProducer(1).PublishAsync([Click(500, 3), Click(400_000, 3, Home)]);
        await installation.DrainedAsync();
        await ClassesAsync(installation, human: 2, scanner: 0);
        await installation.NewProducer(2).PublishAsync([Event(EventKind.Delivered, 0)]);
        await ClassesAsync(installation, human: 1, scanner: 1);
        Assert.Equal("before_reading\n", await installation.TextAsync("SELECT class_reason FROM v_events WHERE class = 'scanner'"));
    }

    [Fact]
    public async Task More_readers_than_are_remembered_are_found_again()
    {
        await using var installation = await stores.InstallAsync();
        await installation.StartAggregatorAsync(settings: [On, Soon, "--Aggregator:Hindsight:Remembered=10", "--Aggregator:Hindsight:Recipients=7"]);
        var producer = installation.NewProducer(1);
        for (uint recipient = 0; recipient < 50; recipient++)
            await producer.PublishAsync([.. Sweep(30_000).Select(e => e with { Recipient = recipient })]);
        await ClassesAsync(installation, human: 0, scanner: 300);
        await Eventually.HoldsAsync(async () => !await installation.Redis.KeyExistsAsync(installation.Names.Key("hindsight"))
            || await installation.NumberAsync("SELECT count() FROM v_events WHERE class = 'scanner'") == 300, "all are looked at");
        Assert.Equal(300UL, await installation.NumberAsync("SELECT count() FROM reclassifications FINAL"));
    }

    [Fact]
    public async Task The_link_that_no_person_sees_is_in_no_breakdown_and_tells_who_is_beside_it()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync(settings: [On, Soon]);
        var hidden = Click(31_000, LinkPlace.ScannerPosition) with { Class = ReaderClass.Scanner, ClassReason = "scanner_link", Link = 0 };
        await installation.NewProducer(1).PublishAsync([Event(EventKind.Delivered, 0), Click(30_000, 2), hidden, Click(500_000, 2, Home)]);
        await ClassesAsync(installation, human: 1, scanner: 2);
        await Eventually.HoldsAsync(async () => (await aggregator.ReportAsync(Job)).GetProperty("clicks").GetProperty("total").GetInt64() == 1, "the report follows");
        var links = (await aggregator.ReportAsync(Job)).GetProperty("links").EnumerateArray().Select(link => link.GetProperty("position").GetInt32());
        Assert.Equal([2], links);
    }

    [Fact]
    public async Task A_network_that_comes_into_the_settings_is_applied_to_what_is_stored_when_an_operator_orders_it_and_taken_back()
    {
        await using var installation = await stores.InstallAsync();
        var before = await installation.StartAggregatorAsync(settings: [On, Soon]);
        await installation.NewProducer(1).PublishAsync([Event(EventKind.Delivered, 0), Open(50_000), Click(60_000, 1), Click(400_000, 2, Home)]);
        await installation.DrainedAsync();
        await ClassesAsync(installation, human: 3, scanner: 0);
        await before.StopAsync();

        var after = await installation.StartAggregatorAsync(settings:
            [On, Soon, "--Tracker:Classification:Networks:0:Network=192.0.2.0/24", "--Tracker:Classification:Networks:0:Reason=gateway"]);
        using (var bad = await after.Http.PostAsync("/reclassify?jobs=1", null))
            Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        using (var ordered = await after.Http.PostAsync($"/reclassify?job={Job}", null))
            Assert.Equal(HttpStatusCode.Accepted, ordered.StatusCode);
        await ClassesAsync(installation, human: 1, scanner: 2);
        await installation.NewProducer(2).PublishAsync([Click(60_500, 2, Home)]);
        await ClassesAsync(installation, human: 2, scanner: 2);
        Assert.Equal("gateway\n", await installation.TextAsync("SELECT DISTINCT class_reason FROM v_events WHERE class = 'scanner'"));
        await after.StopAsync();

        var without = await installation.StartAggregatorAsync(settings: [On, Soon]);
        using (var ordered = await without.Http.PostAsync("/reclassify?since=2024-01-01", null))
            Assert.Equal(HttpStatusCode.Accepted, ordered.StatusCode);
        await ClassesAsync(installation, human: 4, scanner: 0);
        await Eventually.HoldsAsync(async () => (await without.ReportAsync(Job)).GetProperty("clicks").GetProperty("total").GetInt64() == 3, "the report follows");
        await Eventually.HoldsAsync(async () => !await installation.Redis.KeyExistsAsync(installation.Names.Key("reclassify")), "the order is done");
    }

    private static Task ClassesAsync(Installation installation, ulong human, ulong scanner) => Eventually.HoldsAsync(
        async () => await installation.NumberAsync("SELECT count() FROM v_events WHERE kind IN ('opened', 'clicked') AND class = 'human'") == human
            && await installation.NumberAsync("SELECT count() FROM v_events WHERE kind IN ('opened', 'clicked') AND class = 'scanner'") == scanner,
        $"{human} opens and clicks are people's and {scanner} scanners'");

    private IEnumerable<DeliveryEvent> Sweep(long ms) => Enumerable.Range(1, 6).Select(link => Click(ms + (link * 100), (ushort)link));

    private DeliveryEvent Open(long ms, IPAddress? from = null) => Read(EventKind.Opened, ms, 0, from);

    private DeliveryEvent Click(long ms, ushort position, IPAddress? from = null) => Read(EventKind.Clicked, ms, position, from);

    private DeliveryEvent Read(EventKind kind, long ms, ushort position, IPAddress? from) => Event(kind, ms) with
    {
        Position = position,
        Link = position,
        Ip = from ?? Gateway,
        Url = position == 0 ? null : "https://shop.example/" + position,
        UserAgent = from is null ? "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0.0.0" : "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)",
    };

    private DeliveryEvent Event(EventKind kind, long ms) => new() { Kind = kind, TimeMs = _now + ms, Account = Installation.Account, Job = Job, Recipient = 5 };
}
