using System.Net;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Reports;

[Collection(SharedStoresCollection.Name)]
public class BounceAndResponseTests(SharedStores stores)
{
    [Fact]
    public async Task Why_mail_did_not_arrive_is_told_by_kind_and_class()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        await new KnownEvents(installation).Job(1).Job(2)
            .Add(EventKind.Bounced, 1, 0, bounce: BounceClass.InvalidRecipient).Add(EventKind.Bounced, 1, 1, bounce: BounceClass.InvalidRecipient)
            .Add(EventKind.Bounced, 1, 2, bounce: BounceClass.SpamBlock).Add(EventKind.OutOfBand, 1, 3, bounce: BounceClass.MailboxFull)
            .Add(EventKind.Dropped, 1, 4, reason: "suppressed").Add(EventKind.Dropped, 1, 5, reason: "=cmd").Add(EventKind.Expired, 1, 6, bounce: BounceClass.Timeout)
            .Add(EventKind.Deferred, 1, 7, bounce: BounceClass.Greylisted).Add(EventKind.Deferred, 1, 7, bounce: BounceClass.Greylisted)
            .Add(EventKind.Deferred, 1, 8, "2026-03-02T11:00:00Z", bounce: BounceClass.Greylisted).Each(EventKind.Delivered, 1, 7, 8)
            .PublishAsync();
        Assert.Equal(
            [
                "deferred greylisted 2 3", "bounced invalid_recipient 2 2", "bounced spam_block 1 1", "dropped =cmd 1 1", "dropped suppressed 1 1", "expired timeout 1 1",
                "out_of_band mailbox_full 1 1",
            ],
            (await aggregator.JsonAsync("/v1/jobs/1/report/bounces")).Lines("bounces", "kind", "class", "recipients", "events").OrderByDescending(line => line.Split(' ')[2])
                .ThenBy(line => line.StartsWith("deferred", StringComparison.Ordinal) ? 0 : 1).ThenBy(line => line, StringComparer.Ordinal));
        Assert.Contains("dropped,\"'=cmd\",1,1\r\n", await aggregator.TextAsync("/v1/jobs/1/report/bounces", "text/csv"), StringComparison.Ordinal);
        Assert.Empty((await aggregator.JsonAsync("/v1/jobs/2/report/bounces")).GetProperty("bounces").EnumerateArray());
        await aggregator.ProblemAsync(HttpStatusCode.NotFound, "/v1/jobs/1/report/bounces", Installation.OtherKey);
    }

    [Fact]
    public async Task Response_times_run_from_the_delivery_to_the_first_open_or_click_of_a_person()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var known = new KnownEvents(installation).Job(1).Job(2)
            .Add(EventKind.Delivered, 1, 0, "2026-03-02T10:00:00Z").Add(EventKind.Delivered, 1, 1, "2026-03-02T10:00:30Z").Add(EventKind.Delivered, 1, 2, "2026-03-02T10:01:00Z")
            .Add(EventKind.Delivered, 1, 3, "2026-03-02T10:02:00Z").Add(EventKind.Delivered, 1, 4, "2026-03-02T10:02:00Z").Add(EventKind.Delivered, 1, 5, "2026-03-02T10:02:00Z")
            .Add(EventKind.Opened, 1, 0, "2026-03-02T10:01:00Z").Add(EventKind.Opened, 1, 0, "2026-03-02T10:00:10Z").Add(EventKind.Opened, 1, 0, "2026-03-02T10:00:01Z", ReaderClass.Proxy)
            .Add(EventKind.Opened, 1, 1, "2026-03-02T10:01:30Z").Add(EventKind.Opened, 1, 2, "2026-03-02T10:05:00Z").Add(EventKind.Opened, 1, 3, "2026-03-02T10:01:59Z")
            .Add(EventKind.Opened, 1, 4, "2026-03-05T10:02:00.5Z").Add(EventKind.Opened, 1, 9, "2026-03-02T10:05:00Z").Add(EventKind.Opened, 1, 5, "2026-03-02T10:05:00Z", ReaderClass.Scanner)
            .Add(EventKind.Clicked, 1, 1, "2026-03-02T10:30:30Z", position: 1).Add(EventKind.Clicked, 1, 2, "2026-03-02T10:05:00Z", position: 1);
        await known.PublishAsync();

        // Seconds to the first open: 10, 60, 240, 0 (a clock that lags) and 259,200.5; recipient 9 has no delivery.
        var report = await aggregator.JsonAsync("/v1/jobs/1/report/response-times");
        Assert.Equal("5 60 155520.30000000002", report.Line("open.people", "open.median_seconds", "open.p90_seconds"));
        Assert.Equal(
            ["60 3", "300 4", "900 4", "1800 4", "3600 4", "10800 4", "21600 4", "43200 4", "86400 4", "172800 4", "259200 4", "604800 5"],
            report.GetProperty("open").Lines("within", "seconds", "people"));
        Assert.Equal("2 1020 1644", report.Line("click.people", "click.median_seconds", "click.p90_seconds"));
        Assert.Equal(["300 1", "900 1", "1800 2"], report.GetProperty("click").Lines("within", "seconds", "people")[1..4]);
        Assert.Contains("response,seconds,people\r\nopen,60,3\r\n", await aggregator.TextAsync("/v1/jobs/1/report/response-times?format=csv"), StringComparison.Ordinal);

        await known.ReclassifyAsync("recipient = 4 OR (kind = 'clicked' AND recipient = 1)", 1);
        var revised = await aggregator.JsonAsync("/v1/jobs/1/report/response-times");
        Assert.Equal("4 35 1 240", revised.Line("open.people", "open.median_seconds", "click.people", "click.median_seconds"));

        var empty = await aggregator.JsonAsync("/v1/jobs/2/report/response-times");
        Assert.Equal("0 null null 0 null", empty.Line("open.people", "open.median_seconds", "open.p90_seconds", "click.people", "click.median_seconds"));
        await aggregator.ProblemAsync(HttpStatusCode.NotFound, "/v1/jobs/1/report/response-times", Installation.OtherKey);
    }
}
