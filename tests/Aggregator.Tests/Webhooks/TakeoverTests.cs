using System.Text.Json;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Webhooks;

/// <summary>Several aggregators, of which one is killed while a batch is under way.</summary>
[Collection(SharedStoresCollection.Name)]
[Trait("speed", "slow")]
public class TakeoverTests(SharedStores stores)
{
    [Fact]
    public async Task Whoever_follows_an_aggregator_that_was_killed_repeats_the_batch_under_way_with_its_id_and_nothing_else()
    {
        await using var installation = await stores.InstallAsync();
        await using var receiver = await Receiver.StartAsync();
        var hold = new TaskCompletionSource();
        receiver.Does = (_, _) => hold.Task;
        var killed = ChildProcess.Start("Aggregator", [.. installation.Settings("00:00:02"), .. HookedInstallation.Settings("--Aggregator:Webhooks:MaxBatchEvents=10")]);
        var (traffic, producer) = (new Traffic(121), installation.NewProducer(1));
        try
        {
            await producer.PublishAsync(traffic.More(30));
            await installation.DrainedAsync(TimeSpan.FromSeconds(60));
            var api = await installation.StartAggregatorAsync(
                leaseTime: "00:00:02", settings: HookedInstallation.Settings("--Aggregator:Webhooks:Enabled=false"));
            await api.HookAsync(receiver.Url, ",\"from\":\"beginning\"");
            await Eventually.HoldsAsync(() => !receiver.All.IsEmpty, "a batch is under way", TimeSpan.FromSeconds(60));
        }
        finally
        {
            await killed.KillAsync();
        }

        // The first receipt is never answered: the sender is dead.
        var first = receiver.All.Single();
        receiver.Does = (_, _) => Task.CompletedTask;
        await installation.StartAggregatorAsync(leaseTime: "00:00:02", settings: HookedInstallation.Settings("--Aggregator:Webhooks:MaxBatchEvents=10"));
        await installation.StartAggregatorAsync(leaseTime: "00:00:02", settings: HookedInstallation.Settings("--Aggregator:Webhooks:MaxBatchEvents=10"));
        await producer.PublishAsync(traffic.More(30));
        await Eventually.HoldsAsync(() => receiver.All.Skip(1).Sum(batch => batch.Events.Count) >= 60, "all arrived");
        var later = receiver.All.Skip(1).ToList();
        Assert.Equal(first.Id, later[0].Id);
        Assert.Equal(first.EventIds, later[0].EventIds);
        Assert.Equal(60, later.SelectMany(batch => batch.EventIds).Distinct().Count());
        Assert.Equal(60, later.Sum(batch => batch.Events.Count));
        hold.SetResult();
    }
}
