using System.Net;
using Delivery.Aggregator.Rollups;
using Delivery.Contracts.Events;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>What is too old goes, and no figure with it.</summary>
[Collection(SharedStoresCollection.Name)]
public sealed class RetentionTests(SharedStores stores)
{
    private const ulong OldJob = 41;
    private const ulong NewJob = 42;

    [Fact]
    public async Task Months_of_events_that_are_too_old_go_and_the_figures_stay()
    {
        await using var installation = await stores.InstallAsync();
        var before = await FillAsync(installation);

        await using var aggregator = await installation.StartAggregatorAsync(settings: ["--Aggregator:Retention:Events=400.00:00:00"]);
        await Eventually.HoldsAsync(async () => await installation.NumberAsync($"SELECT count() FROM events WHERE job = {OldJob}") == 0, "the old month is gone");

        Assert.Equal(4UL, await installation.NumberAsync($"SELECT count() FROM events WHERE job = {NewJob}"));
        Assert.Equal(before, await FiguresAsync(installation));
        Assert.Equal($"{Installation.Account}\t{OldJob}\n", await installation.TextAsync("SELECT account, job FROM thinned_jobs FINAL"));
        foreach (var rollup in Rollup.All)
            Assert.Empty(await installation.ClickHouse.QueryAsync(rollup.DifferingJobsSql, default, ("jobs", $"[{OldJob},{NewJob}]")));
    }

    [Fact]
    public async Task Ip_and_browser_of_old_months_go_and_the_rows_stay()
    {
        await using var installation = await stores.InstallAsync();
        var before = await FillAsync(installation);

        await using var aggregator = await installation.StartAggregatorAsync(
            settings: ["--Aggregator:Retention:IpAndUserAgent=400.00:00:00", "--Aggregator:Retention:Recipients=400.00:00:00"]);
        await Eventually.HoldsAsync(
            async () => await installation.NumberAsync($"SELECT countIf(user_agent != '' OR ip != toIPv6('::')) FROM events WHERE job = {OldJob}") == 0, "they are blank");

        Assert.Equal(4UL, await installation.NumberAsync($"SELECT count() FROM events WHERE job = {OldJob}"));
        Assert.Equal(2UL, await installation.NumberAsync($"SELECT countIf(user_agent = 'Reader/1' AND ip != toIPv6('::')) FROM events WHERE job = {NewJob}"));
        Assert.Equal(before, await FiguresAsync(installation));
        await Eventually.HoldsAsync(
            async () => await installation.NumberAsync($"SELECT countIf(upstream_id != '') FROM recipients WHERE job = {OldJob}") == 0, "who they were is blank");
        Assert.Equal(2UL, await installation.NumberAsync($"SELECT countIf(upstream_id != '') FROM recipients FINAL WHERE job = {NewJob}"));
    }

    private static Task<string> FiguresAsync(Installation installation) => installation.TextAsync(
        "SELECT job, kind, sum(events), groupBitmapMerge(people) FROM events_by_job GROUP BY job, kind ORDER BY job, kind");

    private static async Task<string> FillAsync(Installation installation)
    {
        var first = await installation.StartAggregatorAsync();
        var producer = installation.NewProducer(5);
        var now = DateTimeOffset.UtcNow;
        await producer.PublishAsync([.. Events(OldJob, now.AddDays(-800)), .. Events(NewJob, now)]);
        await producer.PublishAsync(writer => writer.AddJob(new JobDimension(Installation.Account, OldJob, now.AddDays(-800).ToUnixTimeMilliseconds(), "old", "s", "f@x.example", "f", default)));
        await producer.PublishAsync(writer => writer.AddJob(new JobDimension(Installation.Account, NewJob, now.ToUnixTimeMilliseconds(), "new", "s", "f@x.example", "f", default)));
        await installation.DrainedAsync();
        await first.DisposeAsync();
        return await FiguresAsync(installation);
    }

    private static IEnumerable<DeliveryEvent> Events(ulong job, DateTimeOffset at)
    {
        for (var recipient = 0U; recipient < 2; recipient++)
        {
            var e = new DeliveryEvent { Kind = EventKind.Accepted, TimeMs = at.ToUnixTimeMilliseconds(), Account = Installation.Account, Job = job, Recipient = recipient };
            yield return e;
            yield return e with { Kind = EventKind.Opened, UserAgent = "Reader/1", Ip = IPAddress.Parse("198.51.100.7") };
        }
    }
}
