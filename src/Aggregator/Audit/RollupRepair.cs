using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Rollups;
using Delivery.Aggregator.Streams;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Aggregator.Audit;

/// <summary>
/// Has roll-ups counted again by the one who may: the owner of the jobs' shard is asked over Redis; where a shard has none, it is taken
/// for as long as that needs.
/// </summary>
internal sealed class RollupRepair(
    IDatabaseAsync redis, RedisOptions streams, AggregatorOptions options, ClickHouseClient clickHouse, RollupVerifier verifier, RollupRebuild rebuild, TimeProvider time)
{
    private const int JobsAtOnce = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <param name="always">Count again even what agrees.</param>
    /// <exception cref="TimeoutException">The owner of a shard does not come to it.</exception>
    public async Task RunAsync(IReadOnlyCollection<ulong> jobs, bool always, Action<int> done, CancellationToken cancellation)
    {
        var finished = 0;
        foreach (var shard in jobs.GroupBy(job => StreamNames.ShardOf(job, streams.Shards)))
        {
            var names = new StreamNames(streams, shard.Key);
            var requests = new RepairRequests(redis, names, options.RedisTimeout);
            var ledger = new ShardLedger(redis, names, options, time);
            foreach (var chunk in shard.Chunk(JobsAtOnce))
            {
                await requests.AskAsync(chunk, always).ConfigureAwait(false);
                await FinishAsync(shard.Key, requests, ledger, cancellation).ConfigureAwait(false);
                done(finished += chunk.Length);
            }
        }
    }

    private async Task FinishAsync(int shard, RepairRequests requests, ShardLedger ledger, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); await requests.CountAsync().ConfigureAwait(false) > 0;)
        {
            if (await ledger.TryAcquireAsync().ConfigureAwait(false) is { } granted)
                await RunAsOwnerAsync(shard, requests, ledger, granted.Lease, cancellation).ConfigureAwait(false);
            else if (time.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"The owner of shard {shard} did not count its jobs again within {Patience.TotalMinutes} minutes: see the aggregator's log.");
            else
                await Task.Delay(Poll, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A batch that an earlier owner left stays for the next one: counting again needs only what is in the raw table.</summary>
    private async Task RunAsOwnerAsync(int shard, RepairRequests requests, ShardLedger ledger, ShardLease lease, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var keeping = KeepAsync(ledger, lease, ended.Token);
        try
        {
            var fence = await ShardFence.TakeAsync(clickHouse, shard, lease.Stamp, time, cancellation).ConfigureAwait(false);
            while (await requests.PeekAsync().ConfigureAwait(false) is { Count: > 0 } asked)
            {
                lease.Demand();
                await rebuild.RebuildAsync([.. asked.Where(request => request.Always).Select(request => request.Job)], fence, cancellation).ConfigureAwait(false);
                await verifier.MendAsync(asked.Where(request => !request.Always).Select(request => request.Job), fence, cancellation).ConfigureAwait(false);
                await requests.DoneAsync(asked).ConfigureAwait(false);
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await keeping.ConfigureAwait(false);
            await ((Task)ledger.ReleaseAsync(lease)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A renewal that fails needs nothing here: the fence is what keeps a count right, and the requests stand until they are done.</summary>
    private async Task KeepAsync(ShardLedger ledger, ShardLease lease, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await ((Task)ledger.RenewAsync(lease)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(options.LeaseTime / 4, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
