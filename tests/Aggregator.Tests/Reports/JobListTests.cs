using System.Net;
using Delivery.Aggregator.Reports;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Reports;

[Collection(SharedStoresCollection.Name)]
public class JobListTests(SharedStores stores)
{
    [Theory]
    [InlineData("2026-11-01T08:00:00+01:00", "2026-11-01T07:00:00Z")]
    [InlineData("2026-11-01T08:00:00 01:00", "2026-11-01T07:00:00Z")]
    [InlineData("2026-11-01T08:00:00-01:00", "2026-11-01T09:00:00Z")]
    [InlineData("2026-11-01T08:00 05:30", "2026-11-01T02:30:00Z")]
    public void A_time_is_understood_where_its_plus_was_not_encoded(string text, string expected)
    {
        Assert.True(ReportMoment.TryParse(text, out var moment));
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), moment.Time);
    }

    [Fact]
    public async Task A_session_says_what_the_key_is_for()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var session = await aggregator.JsonAsync("/v1/session");
        Assert.Equal("7 null UTC [\"submit\",\"read\",\"admin\"]", session.Line("account", "name", "time_zone", "rights"));
        Assert.Equal("7 [\"submit\"]", (await aggregator.JsonAsync("/v1/session", Installation.SubmitKey)).Line("account", "rights"));
        await aggregator.ProblemAsync(HttpStatusCode.Unauthorized, "/v1/session", "wrong-key-0123456789abcdef");
        Assert.Contains("'x'", await aggregator.ProblemAsync(HttpStatusCode.BadRequest, "/v1/session?x=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_come_newest_first_by_pages_with_their_figures()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var known = new KnownEvents(installation);
        for (ulong job = 1; job <= 5; job++)
            known.Job(job, job % 2 == 0 ? "even" : "odd\\\t'", $"Subject {job}", created: KnownEvents.Start.AddDays(job == 3 ? 2 : job));
        known.Job(9, account: 8).Accept(9, 0, account: 8);
        known.Accept(5, 0).Accept(5, 1).Accept(5, 2).Accept(5, 3).Each(EventKind.Delivered, 5, 0, 1).Add(EventKind.Bounced, 5, 2, bounce: BounceClass.InvalidRecipient);
        known.Add(EventKind.Opened, 5, 0).Add(EventKind.Opened, 5, 0).Add(EventKind.Opened, 5, 1, reader: ReaderClass.Proxy).Add(EventKind.Clicked, 5, 0, position: 1);
        await known.PublishAsync();

        var first = await aggregator.JsonAsync("/v1/jobs?limit=2");
        Assert.Equal(["5 Subject 5 shop@example.com 4 2 1 0 0 0 1 2 1 1 1 1 1 0.5", "4 Subject 4 shop@example.com 0 0 0 0 0 0 0 0 0 0 0 0 0 null"], first.Lines(
            "jobs", "job", "subject", "from_email", "recipients.accepted", "delivered", "bounced", "expired", "dropped", "deferred", "pending",
            "opens.total", "opens.unique", "clicks.total", "clicks.unique", "machines.opens.total", "machines.opens.unique", "rates.open"));
        Assert.NotEqual(default, first.GetProperty("fresh_as_of").GetDateTimeOffset());
        var second = await aggregator.JsonAsync("/v1/jobs?limit=2&before=" + first.Line("next"));
        Assert.Equal(["3", "2"], second.Lines("jobs", "job"));
        var third = await aggregator.JsonAsync("/v1/jobs?limit=2&before=" + second.Line("next"));
        Assert.Equal(["1"], third.Lines("jobs", "job"));
        Assert.Equal("null", third.Line("next"));

        Assert.Equal(["4", "2"], (await aggregator.JsonAsync("/v1/jobs?campaign_id=even")).Lines("jobs", "job"));
        Assert.Equal(["5", "3", "1"], (await aggregator.JsonAsync("/v1/jobs?campaign_id=" + Uri.EscapeDataString("odd\\\t'"))).Lines("jobs", "job"));
        Assert.Equal(["3", "2"], (await aggregator.JsonAsync("/v1/jobs?from=2026-03-04&to=2026-03-05")).Lines("jobs", "job"));
        Assert.Empty((await aggregator.JsonAsync("/v1/jobs?from=2026-03-04T10:00:00.001Z&to=2026-03-05")).Lines("jobs", "job"));
        Assert.Equal(["9"], (await aggregator.JsonAsync("/v1/jobs", Installation.OtherKey)).Lines("jobs", "job"));

        var csv = await aggregator.TextAsync("/v1/jobs?limit=1", "text/csv");
        Assert.StartsWith("job,campaign_id,subject,from_email,created,recipients_accepted,delivered", csv, StringComparison.Ordinal);
        Assert.Contains("\r\n5,\"odd\\\t'\",Subject 5,shop@example.com,2026-03-07T10:00:00+00:00,4,2,1,", csv, StringComparison.Ordinal);
        Assert.Equal(5, (await aggregator.TextAsync("/v1/jobs?format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        using var page = await aggregator.GetAsync("/v1/jobs?limit=2&format=csv&campaign_id=even&to=2026-03-06T11:00:00%2B01:00");
        Assert.False(page.Headers.Contains("Link"));
        using var more = await aggregator.GetAsync("/v1/jobs?limit=2&format=csv");
        Assert.Contains("rel=\"next\"", more.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParse(more.Headers.GetValues("Fresh-As-Of").Single(), out _));
    }

    [Fact]
    public async Task What_is_wrong_is_named()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        await aggregator.ReadyAsync();
        foreach (var (query, named) in new[]
        {
            ("limit=0", "'limit'"), ("limit=x", "'limit'"), ("limit=1&limit=2", "'limit'"), ("before=abc", "'before'"), ("from=yesterday", "'from'"),
            ("from=1999-01-01", "'from'"), ("to=2026-02-30", "'to'"), ("format=xml", "'format'"), ("colour=red", "'colour'"), ("time_zone=Mars/Base", "Mars/Base"),
        })
        {
            Assert.Contains(named, await aggregator.ProblemAsync(HttpStatusCode.BadRequest, "/v1/jobs?" + query), StringComparison.Ordinal);
        }
    }
}
