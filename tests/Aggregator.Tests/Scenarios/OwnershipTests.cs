using Delivery.Aggregator.Streams;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Scenarios;

[Collection(SharedStoresCollection.Name)]
[Trait("speed", "slow")]
public class OwnershipTests(SharedStores stores)
{
    [Fact]
    public async Task Of_two_aggregators_one_works_and_the_other_follows_at_once_when_it_stops()
    {
        await using var installation = await stores.InstallAsync();
        var byFirst = 0;
        var bySecond = 0;
        var first = await installation.StartAggregatorAsync(Counting(() => Interlocked.Increment(ref byFirst)), leaseTime: "00:00:08");
        var traffic = new Traffic(21);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(traffic.More(100));
        await installation.DrainedAsync();
        var second = await installation.StartAggregatorAsync(Counting(() => Interlocked.Increment(ref bySecond)), leaseTime: "00:00:08");
        for (var i = 0; i < 5; i++)
        {
            await producer.PublishAsync(traffic.More(100));
            await installation.DrainedAsync();
        }

        Assert.True(byFirst >= 6);
        Assert.Equal(0, bySecond);

        await first.StopAsync();
        Assert.False(await installation.Redis.KeyExistsAsync(installation.Names.Key("lease")) && bySecond == 0
            && (await installation.Redis.KeyTimeToLiveAsync(installation.Names.Key("lease")))! < TimeSpan.FromSeconds(4));
        await producer.PublishAsync(traffic.More(100));
        await installation.DrainedAsync(TimeSpan.FromSeconds(6));
        Assert.True(bySecond > 0);
        await Count.AgreesAsync(installation, traffic.All, second);
    }

    [Fact]
    public async Task A_lease_that_another_holds_is_waited_for_until_it_ends()
    {
        await using var installation = await stores.InstallAsync();
        await installation.Redis.StringSetAsync(installation.Names.Key("lease"), "9:somebody", TimeSpan.FromMilliseconds(1500));
        var traffic = new Traffic(22);
        await installation.NewProducer(1).PublishAsync(traffic.More(100));
        var early = 0;
        var aggregator = await installation.StartAggregatorAsync(
            async _ =>
            {
                if ((string?)await installation.Redis.StringGetAsync(installation.Names.Key("lease")) == "9:somebody")
                    early++;
            },
            leaseTime: "00:00:02");
        await installation.DrainedAsync();
        Assert.Equal(0, early);
        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    [Fact]
    public async Task Two_aggregators_that_lose_the_lease_again_and_again_count_exactly()
    {
        await using var installation = await stores.InstallAsync();
        var traffic = new Traffic(23);
        var producer = installation.NewProducer(1);
        var one = await installation.StartAggregatorAsync(leaseTime: "00:00:01");
        await installation.StartAggregatorAsync(leaseTime: "00:00:01");
        for (var i = 0; i < 30; i++)
        {
            await producer.PublishAsync(traffic.More(50), perEntry: 5);
            if (i % 3 == 0)
                await installation.Redis.KeyDeleteAsync(installation.Names.Key("lease"));
        }

        await installation.DrainedAsync(TimeSpan.FromSeconds(60));
        await Count.AgreesAsync(installation, traffic.All, one);
    }

    private static Func<BatchPoint, Task> Counting(Action commit) => point =>
    {
        if (point == BatchPoint.AfterCommit)
            commit();
        return Task.CompletedTask;
    };
}
