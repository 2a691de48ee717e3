using System.Net;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Reports;

[Collection(SharedStoresCollection.Name)]
public class TimelineTests(SharedStores stores)
{
    private static readonly string[] Point = ["start", "opens.total", "opens.unique", "machines.opens.total", "machines.opens.unique"];
    private static readonly string[] Hour = ["day_of_week", "hour", "opens.total", "opens.unique", "clicks.total", "clicks.unique", "machines.opens.total", "machines.clicks.total"];

    [Fact]
    public async Task Days_and_hours_are_those_of_the_zone_over_both_changes_of_its_clocks()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        await new KnownEvents(installation).Job(1)
            .Add(EventKind.Opened, 1, 1, "2026-03-28T22:59:00Z").Add(EventKind.Opened, 1, 1, "2026-03-28T23:00:00Z")
            .Add(EventKind.Opened, 1, 1, "2026-03-29T00:45:00Z").Add(EventKind.Opened, 1, 2, "2026-03-29T01:00:00Z").Add(EventKind.Opened, 1, 2, "2026-03-29T21:59:59Z")
            .Add(EventKind.Opened, 1, 3, "2026-03-29T22:00:00Z")
            .Add(EventKind.Opened, 1, 1, "2026-10-25T00:15:00Z").Add(EventKind.Opened, 1, 2, "2026-10-25T01:15:00Z").Add(EventKind.Opened, 1, 2, "2026-10-25T01:45:00Z")
            .Add(EventKind.Opened, 1, 9, "2026-10-25T01:20:00Z", ReaderClass.Proxy).Add(EventKind.Opened, 1, 9, "2026-10-25T01:21:00Z", ReaderClass.Scanner)
            .Add(EventKind.Opened, 1, 1, "2026-10-25T22:59:00Z").Add(EventKind.Opened, 1, 1, "2026-10-25T23:00:00Z")
            .PublishAsync();

        var berlin = await aggregator.JsonAsync("/v1/jobs/1/report/timeline?step=1h&time_zone=Europe/Berlin");
        Assert.Equal("1 Europe/Berlin 1h", berlin.Line("job", "time_zone", "step"));
        Assert.Equal(
            [
                "2026-03-28T23:00:00+01:00 1 1 0 0", "2026-03-29T00:00:00+01:00 1 1 0 0", "2026-03-29T01:00:00+01:00 1 1 0 0", "2026-03-29T03:00:00+02:00 1 1 0 0",
                "2026-03-29T23:00:00+02:00 1 1 0 0", "2026-03-30T00:00:00+02:00 1 1 0 0",
                "2026-10-25T02:00:00+02:00 1 1 0 0", "2026-10-25T02:00:00+01:00 2 1 2 1", "2026-10-25T23:00:00+01:00 1 1 0 0", "2026-10-26T00:00:00+01:00 1 1 0 0",
            ],
            berlin.Lines("points", Point));
        Assert.Equal(
            ["2026-03-28T00:00:00+01:00 1 1 0 0", "2026-03-29T00:00:00+01:00 4 2 0 0", "2026-03-30T00:00:00+02:00 1 1 0 0", "2026-10-25T00:00:00+02:00 4 2 2 1", "2026-10-26T00:00:00+01:00 1 1 0 0"],
            (await aggregator.JsonAsync("/v1/jobs/1/report/timeline?step=1d&time_zone=Europe/Berlin")).Lines("points", Point));
        Assert.Equal(
            ["2026-03-29T04:00:00+05:30 2 1 0 0", "2026-03-29T06:00:00+05:30 2 2 0 0", "2026-03-30T03:00:00+05:30 2 2 0 0", "2026-10-25T05:00:00+05:30 1 1 0 0",
             "2026-10-25T06:00:00+05:30 1 1 2 1", "2026-10-25T07:00:00+05:30 1 1 0 0", "2026-10-26T04:00:00+05:30 2 1 0 0"],
            (await aggregator.JsonAsync("/v1/jobs/1/report/timeline?step=1h&time_zone=Asia/Kolkata")).Lines("points", Point));
        Assert.Equal(
            ["2026-03-29T04:30:00+05:30", "2026-03-29T06:15:00+05:30", "2026-03-29T06:30:00+05:30"],
            (await aggregator.JsonAsync("/v1/jobs/1/report/timeline?step=15m&time_zone=Asia/Kolkata")).Lines("points", "start")[1..4]);
        Assert.Equal("2026-03-28T22:00:00+00:00 1", (await aggregator.JsonAsync("/v1/jobs/1/report/timeline")).Lines("points", "start", "opens.total")[0]);

        var hours = (await aggregator.JsonAsync("/v1/jobs/1/report/hours?time_zone=Europe/Berlin")).Lines("hours", Hour);
        Assert.Equal(168, hours.Length);
        Assert.Equal("1 0 3 2 0 0 0 0", hours[0]);
        Assert.Equal("6 23 1 1 0 0 0 0", hours[(5 * 24) + 23]);
        Assert.Equal("7 2 3 2 0 0 2 0", hours[(6 * 24) + 2]);
        Assert.Equal("7 3 1 1 0 0 0 0", hours[(6 * 24) + 3]);
        Assert.Equal("7 23 2 2 0 0 0 0", hours[^1]);
        Assert.Equal(162, hours.Count(line => line.EndsWith(" 0 0 0 0 0 0", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_point_has_every_figure_of_its_slot_and_counts_people_once()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var known = new KnownEvents(installation).Job(1).Job(2).Accept(1, 0)
            .Each(EventKind.Delivered, 1, 0, 1, 2).Add(EventKind.Bounced, 1, 3, bounce: BounceClass.SpamBlock)
            .Add(EventKind.Clicked, 1, 0, position: 1).Add(EventKind.Clicked, 1, 0, position: 2).Add(EventKind.Clicked, 1, 1, reader: ReaderClass.Scanner, position: 1)
            .Add(EventKind.Opened, 1, 2).Add(EventKind.Opened, 1, 2).Add(EventKind.Unsubscribed, 1, 2).Add(EventKind.Unsubscribed, 1, 2)
            .Add(EventKind.Clicked, 1, 0, "2026-03-02T10:15:00Z", position: 1);
        await known.PublishAsync();
        string[] all = ["start", "delivered", "bounced", "opens.total", "opens.unique", "clicks.total", "clicks.unique", "unsubscribes", "machines.clicks.total", "machines.clicks.unique"];
        Assert.Equal(
            ["2026-03-02T10:00:00+00:00 3 1 2 1 2 1 1 1 1", "2026-03-02T10:15:00+00:00 0 0 0 0 1 1 0 0 0"],
            (await aggregator.JsonAsync("/v1/jobs/1/report/timeline?step=15m")).Lines("points", all));
        Assert.Equal(["2026-03-02T10:00:00+00:00 3 1 2 1 3 1 1 1 1"], (await aggregator.JsonAsync("/v1/jobs/1/report/timeline?step=1h")).Lines("points", all));

        await known.ReclassifyAsync("kind = 'clicked' AND position = 1 AND recipient = 0", 1);
        Assert.Equal(["2026-03-02T10:00:00+00:00 3 1 2 1 1 1 1 3 2"], (await aggregator.JsonAsync("/v1/jobs/1/report/timeline?step=1h")).Lines("points", all));

        Assert.Empty((await aggregator.JsonAsync("/v1/jobs/2/report/timeline")).Lines("points", all));
        Assert.All((await aggregator.JsonAsync("/v1/jobs/2/report/hours")).Lines("hours", Hour[2..]), line => Assert.Equal("0 0 0 0 0 0", line));
        Assert.StartsWith("start,delivered,bounced,opens_total,opens_unique,", await aggregator.TextAsync("/v1/jobs/1/report/timeline?format=csv"), StringComparison.Ordinal);
        foreach (var path in new[] { "timeline", "hours" })
        {
            await aggregator.ProblemAsync(HttpStatusCode.NotFound, $"/v1/jobs/1/report/{path}", Installation.OtherKey);
            await aggregator.ProblemAsync(HttpStatusCode.NotFound, $"/v1/jobs/3/report/{path}");
            Assert.Contains("'Mars'", await aggregator.ProblemAsync(HttpStatusCode.BadRequest, $"/v1/jobs/1/report/{path}?time_zone=Mars"), StringComparison.Ordinal);
        }

        Assert.Contains("15m", await aggregator.ProblemAsync(HttpStatusCode.BadRequest, "/v1/jobs/1/report/timeline?step=2h"), StringComparison.Ordinal);
    }
}
