using System.Net;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Reports;

[Collection(SharedStoresCollection.Name)]
public class CampaignTests(SharedStores stores)
{
    private static readonly string[] Mails =
        ["recipients.accepted", "delivered", "bounced", "pending", "opens.total", "opens.unique", "clicks.total", "clicks.unique", "unsubscribes.total", "machines.opens.total"];

    [Fact]
    public async Task A_campaign_has_the_sum_of_its_jobs_mails_and_each_person_once()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var known = new KnownEvents(installation)
            .Job(1, "it's \\ spring", created: KnownEvents.Start).Job(2, "it's \\ spring", created: KnownEvents.Start.AddDays(2)).Job(3, "other", created: KnownEvents.Start.AddDays(1))
            .Job(4, created: KnownEvents.Start.AddDays(9)).Job(9, "it's \\ spring", account: 8)
            .Accept(1, 0, person: 100).Accept(1, 1, person: 101).Accept(1, 2, person: 102)
            .Accept(2, 0, person: 102).Accept(2, 1, person: 100).Accept(2, 2, person: 103).Accept(2, 3, person: 104)
            .Accept(3, 0, person: 100).Accept(9, 0, person: 100, account: 8)
            .Each(EventKind.Delivered, 1, 0, 1, 2).Each(EventKind.Delivered, 2, 0, 1).Add(EventKind.Bounced, 2, 2, bounce: BounceClass.InvalidRecipient)
            .Add(EventKind.Opened, 1, 0).Add(EventKind.Opened, 2, 1).Add(EventKind.Opened, 2, 1).Add(EventKind.Opened, 1, 1, reader: ReaderClass.Proxy)
            .Add(EventKind.Opened, 2, 0).Add(EventKind.Clicked, 2, 0, position: 1).Add(EventKind.Unsubscribed, 1, 2).Add(EventKind.Unsubscribed, 2, 0)
            .Add(EventKind.Delivered, 9, 0, account: 8).Add(EventKind.Opened, 9, 0, account: 8);
        await known.PublishAsync();

        var list = await aggregator.JsonAsync("/v1/campaigns");
        Assert.Equal(
            ["it's \\ spring 2 2026-03-02T10:00:00+00:00 2026-03-04T10:00:00+00:00 7 5 1 1 4 3 1 1 2 1 0.6", "other 1 2026-03-03T10:00:00+00:00 2026-03-03T10:00:00+00:00 1 0 0 1 0 0 0 0 0 0 null"],
            list.Lines("campaigns", ["campaign_id", "jobs", "first_created", "last_created", .. Mails, "rates.open"]));
        var first = await aggregator.JsonAsync("/v1/campaigns?limit=1");
        Assert.Equal(["other"], (await aggregator.JsonAsync("/v1/campaigns?limit=1&before=" + Uri.EscapeDataString(first.Line("next")))).Lines("campaigns", "campaign_id"));

        var path = "/v1/campaigns/report?campaign_id=" + Uri.EscapeDataString("it's \\ spring");
        var report = await aggregator.JsonAsync(path);
        Assert.Equal("it's \\ spring 2", report.Line("campaign_id", "job_count"));
        Assert.Equal(["2 4 2", "1 3 3"], report.Lines("jobs", "job", "recipients.accepted", "delivered"));
        Assert.Equal("7 5 1 1 4 3 1 1 2 1", report.GetProperty("mails").Line(Mails));
        Assert.Equal("5 3 2 1 1", report.GetProperty("people").Line("accepted", "delivered", "opened", "clicked", "unsubscribed"));
        Assert.Equal("0.6666666666666666 0.3333333333333333 0.5 0.3333333333333333", report.GetProperty("rates").Line("open", "click", "click_to_open", "unsubscribe"));
        Assert.Equal("1 1 1", (await aggregator.JsonAsync(path, Installation.OtherKey)).GetProperty("people").Line("accepted", "delivered", "opened"));
        Assert.Equal(["2"], (await aggregator.JsonAsync(path + "&limit=1")).Lines("jobs", "job"));

        await known.ReclassifyAsync("job = 2 AND kind = 'opened' AND recipient = 0", 2);
        await known.EraseAsync("job = 2 AND recipient IN (2, 3) OR job = 1 AND recipient = 1");
        var revised = await aggregator.JsonAsync(path);
        Assert.Equal("2 2 1 1 1", revised.GetProperty("people").Line("accepted", "delivered", "opened", "clicked", "unsubscribed"));
        Assert.Equal("7 5 1 1 3 2 1 1 2 2", revised.GetProperty("mails").Line(Mails));

        await aggregator.ProblemAsync(HttpStatusCode.NotFound, "/v1/campaigns/report?campaign_id=none");
        Assert.Contains("'campaign_id'", await aggregator.ProblemAsync(HttpStatusCode.BadRequest, "/v1/campaigns/report"), StringComparison.Ordinal);
        Assert.Contains("'before'", await aggregator.ProblemAsync(HttpStatusCode.BadRequest, "/v1/campaigns?before=x"), StringComparison.Ordinal);
    }
}
