using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Rollups;
using Delivery.Contracts;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>Roll-ups that are counted again, and owners who must not.</summary>
[Collection(SharedStoresCollection.Name)]
[Trait("speed", "slow")]
public class GenerationTests(SharedStores stores)
{
    private const uint Reader = 6;

    [Fact]
    public async Task A_class_in_hindsight_is_what_every_figure_counts_after_a_rebuild_and_the_events_keep_both()
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(81);
        await installation.NewProducer(1).PublishAsync(traffic.More(500));
        var aggregator = await installation.StartAggregatorAsync();
        await installation.DrainedAsync();
        await aggregator.StopAsync();

        var fence = await installation.FenceAsync();
        var version = fence.NextGeneration();
        await installation.ClickHouse.InsertSelectAsync(
            "INSERT INTO reclassifications (producer, shard, number, account, job, kind, recipient, time, class, class_reason, version) "
            + "SELECT producer, shard, number, account, job, kind, recipient, time, 'scanner', 'burst', " + version
            + " FROM events WHERE kind IN ('opened', 'clicked') AND recipient % 3 = 0 AND class = 'human' AND " + fence.Condition,
            fence.Mark("classes"), default);
        var rebuild = installation.NewRebuild();
        Assert.Equal(Traffic.Jobs.Order(), (await rebuild.FindDueAsync(0, default)).Order());
        await rebuild.RebuildAsync(Traffic.Jobs, fence, default);
        Assert.Empty(await rebuild.FindDueAsync(0, default));

        var changed = traffic.All.ConvertAll(e => Reads(e) && e.Recipient % 3 == 0 && e.Class == ReaderClass.Human ? e with { Class = ReaderClass.Scanner } : e);
        var reports = await installation.StartAggregatorAsync();
        await Count.AgreesAsync(installation, changed, reports, traffic.All);
        Assert.Equal(
            await installation.TextAsync("SELECT job, class, class_reason, count() FROM events GROUP BY ALL ORDER BY ALL"),
            await installation.TextAsync("SELECT job, first_class, first_class_reason, count() FROM v_events GROUP BY ALL ORDER BY ALL"));
        Assert.Equal(
            (ulong)changed.Count(e => Reads(e) && e.Class == ReaderClass.Scanner),
            await installation.NumberAsync("SELECT count() FROM v_events WHERE class = 'scanner'"));
        Assert.Equal(
            (ulong)changed.Count(e => Reads(e) && e.Class == ReaderClass.Scanner && traffic.All.Any(a => a.Kind == EventKind.Accepted && a.Job == e.Job && a.Recipient == e.Recipient && e.Recipient == Reader)),
            await installation.NumberAsync($"SELECT count() FROM v_recipient_timeline(account = 7, key = '{new RecipientKey(0xAB, Reader)}') WHERE class = 'scanner'"));

        static bool Reads(DeliveryEvent e) => e.Kind is EventKind.Opened or EventKind.Clicked;
    }

    [Fact]
    public async Task An_owner_starts_by_counting_classes_that_a_crash_left_uncounted()
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(82);
        await installation.NewProducer(1).PublishAsync(traffic.More(200));
        await (await installation.StartAggregatorAsync()).StopAsync();
        await installation.StartAggregatorAsync();
        await installation.DrainedAsync();
        var fence = await installation.FenceAsync();
        await installation.ClickHouse.ExecuteAsync(
            "INSERT INTO reclassifications (producer, shard, number, account, job, kind, recipient, time, class, class_reason, version) "
            + $"SELECT producer, shard, number, account, job, kind, recipient, time, 'proxy', 'late', {fence.NextGeneration()} FROM events WHERE kind = 'clicked' AND class = 'human'",
            default);
        await installation.Redis.KeyDeleteAsync(installation.Names.Key("lease"));
        await Delivery.Testing.Eventually.HoldsAsync(
            async () => await installation.NumberAsync("SELECT sum(clicks) FROM clicks_by_link WHERE class = 'human'") == 0, "every click is a machine's");
        Assert.Equal((ulong)traffic.All.Count(e => e.Kind == EventKind.Clicked), await installation.NumberAsync("SELECT sum(clicks) FROM clicks_by_link"));
    }

    [Fact]
    public async Task An_owner_that_lost_its_fence_can_neither_insert_nor_rebuild_nor_switch()
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(83);
        await installation.NewProducer(1).PublishAsync(traffic.More(200));
        await (await installation.StartAggregatorAsync()).StopAsync();
        await installation.StartAggregatorAsync();
        await installation.DrainedAsync();
        var stale = await installation.FenceAsync();
        var current = await installation.FenceAsync();
        Assert.True(current.Number > stale.Number && current.IsPast(stale.NextGeneration()) && !current.IsPast(current.NextGeneration()));
        var rebuild = installation.NewRebuild();
        await Assert.ThrowsAsync<ClickHouseException>(() => rebuild.RebuildAsync(Traffic.Jobs, stale, default));
        Assert.Equal(0UL, await installation.NumberAsync("SELECT count() FROM rollup_generations"));
        await rebuild.RebuildAsync(Traffic.Jobs, current, default);
        await Count.AgreesAsync(installation, traffic.All);
    }

    [Fact]
    public async Task Of_two_that_take_a_fence_at_once_each_has_its_own()
    {
        await using var installation = await stores.InstallAsync();
        await new SchemaUpdate(installation.ClickHouse).ApplyAsync(SchemaFile.BuiltIn, default);
        for (var round = 0; round < 5; round++)
        {
            var fences = await Task.WhenAll(installation.FenceAsync(), installation.FenceAsync(), installation.FenceAsync());
            Assert.Equal(3, fences.Select(fence => fence.Number).Distinct().Count());
        }
    }
}
