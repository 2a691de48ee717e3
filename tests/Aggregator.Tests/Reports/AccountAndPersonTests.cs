using System.Net;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Reports;

[Collection(SharedStoresCollection.Name)]
public class AccountAndPersonTests(SharedStores stores)
{
    private static readonly string[] Figures =
        ["start", "accepted", "delivered", "bounced", "opens.total", "opens.unique", "clicks.total", "clicks.unique", "unsubscribes", "machines.opens.total"];

    [Fact]
    public async Task An_accounts_figures_are_of_what_happened_in_the_span_over_all_jobs()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var known = new KnownEvents(installation).Job(1).Job(2).Job(9, account: 8).Accept(1, 0).Accept(1, 1).Accept(2, 0).Accept(9, 0, account: 8)
            .Each(EventKind.Delivered, 1, 0, 1).Each(EventKind.Delivered, 2, 0).Add(EventKind.Opened, 9, 0, account: 8)
            .Add(EventKind.Opened, 1, 0).Add(EventKind.Opened, 1, 0).Add(EventKind.Opened, 2, 0, reader: ReaderClass.Proxy)
            .Add(EventKind.Opened, 1, 0, "2026-03-03T22:59:59Z").Add(EventKind.Opened, 2, 0, "2026-03-03T23:00:00Z").Add(EventKind.Clicked, 1, 1, "2026-03-03T23:14:00Z", position: 1)
            .Add(EventKind.Opened, 1, 1, "2026-03-04T23:00:00Z").Add(EventKind.Opened, 1, 1, "2026-03-01T22:59:00Z");
        await known.PublishAsync();
        var report = await aggregator.JsonAsync("/v1/reports/account?from=2026-03-02&to=2026-03-05&time_zone=Europe/Berlin");
        Assert.Equal("2026-03-02T00:00:00+01:00 2026-03-05T00:00:00+01:00 1d Europe/Berlin", report.Line("from", "to", "step", "time_zone"));
        Assert.Equal(
            ["2026-03-02T00:00:00+01:00 3 3 0 2 1 0 0 0 1", "2026-03-03T00:00:00+01:00 0 0 0 1 1 0 0 0 0", "2026-03-04T00:00:00+01:00 0 0 0 1 1 1 1 0 0"],
            report.Lines("points", Figures));
        Assert.Equal("3 3 4 2 1 1", report.GetProperty("totals").Line("recipients.accepted", "delivered", "opens.total", "opens.unique", "clicks.unique", "machines.opens.total"));
        Assert.False(report.GetProperty("totals").TryGetProperty("rates", out _));
        Assert.Equal(
            ["2026-03-04T00:00:00+01:00 0 0 0 1 1 1 1 0 0"],
            (await aggregator.JsonAsync("/v1/reports/account?from=2026-03-03T23:00:00Z&to=2026-03-03T23:14:00%2B00:00&step=1h&time_zone=Europe/Berlin")).Lines("points", Figures));
        Assert.Equal(["1"], (await aggregator.JsonAsync("/v1/reports/account?from=2026-03-02&to=2026-03-05", Installation.OtherKey)).Lines("points", "opens.total"));

        var recent = await aggregator.JsonAsync("/v1/reports/account");
        Assert.InRange((recent.GetProperty("to").GetDateTimeOffset() - recent.GetProperty("from").GetDateTimeOffset()).TotalDays, 29.9, 30.1);
        Assert.Contains("'from'", await aggregator.ProblemAsync(HttpStatusCode.BadRequest, "/v1/reports/account?from=2026-03-05&to=2026-03-05"), StringComparison.Ordinal);
        await aggregator.ProblemAsync(HttpStatusCode.Forbidden, "/v1/reports/account", Installation.SubmitKey);
    }

    [Fact]
    public async Task All_that_happened_to_a_person_comes_newest_first_over_jobs()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var known = new KnownEvents(installation).Job(1, "spring", "First").Job(2, "summer", "Second").Job(9, account: 8)
            .Accept(1, 0, person: 100, id: "a\\b\t'c").Accept(1, 1, person: 101).Accept(2, 5, person: 100, id: "a\\b\t'c").Accept(2, 0, person: 102).Accept(9, 0, person: 100, account: 8, id: "a\\b\t'c")
            .Add(EventKind.Delivered, 1, 0, "2026-03-02T10:01:00Z").Add(EventKind.Opened, 1, 0, "2026-03-02T10:02:00Z", ReaderClass.Proxy)
            .Add(EventKind.Clicked, 1, 0, "2026-03-02T10:03:00Z", position: 2).Add(EventKind.Bounced, 2, 5, "2026-03-02T10:04:00Z", bounce: BounceClass.MailboxFull)
            .Add(EventKind.Opened, 2, 0, "2026-03-02T10:05:00Z").Add(EventKind.Opened, 1, 1, "2026-03-02T10:05:00Z").Add(EventKind.Opened, 9, 0, "2026-03-02T10:05:00Z", account: 8)
            .Add(EventKind.Unsubscribed, 1, 0, "2026-03-02T10:06:00Z", reason: "one_click");
        await known.PublishAsync();
        string[] columns = ["time", "kind", "job", "campaign_id", "subject", "position", "url", "class", "smtp_code", "bounce_class", "reason"];
        string[] wanted =
        [
            "2026-03-02T10:06:00+00:00 unsubscribed 1 spring First null null null null null one_click",
            "2026-03-02T10:04:00+00:00 bounced 2 summer Second null null null 550 mailbox_full null",
            "2026-03-02T10:03:00+00:00 clicked 1 spring First 2 https://shop.example/2 human null null null",
            "2026-03-02T10:02:00+00:00 opened 1 spring First null null proxy null null null",
            "2026-03-02T10:01:00+00:00 delivered 1 spring First null null null 250 null null",
        ];
        var key = new RecipientKey(Installation.Account, 100).ToString();
        var byKey = await aggregator.JsonAsync("/v1/people/timeline?recipient_key=" + key);
        Assert.Equal(key + " a\\b\t'c null", byKey.Line("recipient_key", "upstream_id", "next"));
        Assert.Equal(wanted, byKey.Lines("events", columns)[..5]);
        Assert.Equal(["accepted", "accepted"], byKey.Lines("events", "kind")[5..]);
        var id = "/v1/people/timeline?upstream_id=" + Uri.EscapeDataString("a\\b\t'c");
        Assert.Equal(byKey.Lines("events", columns), (await aggregator.JsonAsync(id)).Lines("events", columns));
        Assert.Equal(["unsubscribed", "clicked", "opened", "delivered", "accepted"], (await aggregator.JsonAsync(id + "&job=1")).Lines("events", "kind"));
        var other = await aggregator.JsonAsync(id, Installation.OtherKey);
        Assert.Equal(["opened", "accepted"], other.Lines("events", "kind"));

        var pages = new List<string>();
        for (var next = ""; next != "null";)
        {
            var page = await aggregator.JsonAsync(id + "&limit=2" + (next.Length == 0 ? "" : "&before=" + next));
            pages.AddRange(page.Lines("events", columns));
            next = page.Line("next");
        }

        Assert.Equal(byKey.Lines("events", columns), pages);

        await known.ReclassifyAsync("kind = 'clicked'", 1);
        Assert.Equal("scanner", (await aggregator.JsonAsync(id)).Lines("events", "class")[2]);
        await known.EraseAsync("upstream_id = 'a\\\\b\\t\\'c'");
        await aggregator.ProblemAsync(HttpStatusCode.NotFound, id);
        await aggregator.ProblemAsync(HttpStatusCode.NotFound, "/v1/people/timeline?recipient_key=" + key);
        foreach (var query in new[] { "", "?recipient_key=zz", "?recipient_key=00000000000000000000000000000000", "?upstream_id=", $"?recipient_key={key}&upstream_id=1" })
            Assert.Contains("'recipient_key'", await aggregator.ProblemAsync(HttpStatusCode.BadRequest, "/v1/people/timeline" + query), StringComparison.Ordinal);
    }
}
