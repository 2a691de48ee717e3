using Delivery.Aggregator.Rollups;
using Delivery.Aggregator.Telemetry;

namespace Delivery.Aggregator.Streams;

/// <summary>What a shard's owner does between batches beside consuming: repairs that were asked for, and sweeping. One call at a time.</summary>
internal sealed class ShardUpkeep(
    int shard, RepairRequests requests, RollupVerifier verifier, RollupRebuild rebuild, RollupSweep sweep, TimeProvider time, ILogger<ShardUpkeep> log)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(10);
    private long? _looked;
    private long? _swept;

    /// <summary>Does what is due; returns at once where nothing is.</summary>
    /// <exception cref="LeaseLostException">The lease ended; nothing is half done that a later owner would not do again.</exception>
    public async Task RunAsync(ShardLease lease, ShardFence fence, CancellationToken cancellation)
    {
        if (IsDue(ref _looked, BetweenLooks))
            await RepairAsync(lease, fence, cancellation).ConfigureAwait(false);
        if (IsDue(ref _swept, BetweenSweeps))
            await sweep.SweepAsync(fence, cancellation).ConfigureAwait(false);
    }

    private async Task RepairAsync(ShardLease lease, ShardFence fence, CancellationToken cancellation)
    {
        var asked = await requests.PeekAsync().ConfigureAwait(false);
        if (asked.Count == 0)
            return;
        lease.Demand();
        var always = asked.Where(request => request.Always).Select(request => request.Job).ToHashSet();
        await rebuild.RebuildAsync(always, fence, cancellation).ConfigureAwait(false);
        var mended = await verifier.MendAsync(asked.Select(request => request.Job).Where(job => !always.Contains(job)), fence, cancellation).ConfigureAwait(false);
        await requests.DoneAsync(asked).ConfigureAwait(false);
        Log.Repaired(log, shard, asked.Count, always.Count + mended);
    }

    private bool IsDue(ref long? last, TimeSpan pause)
    {
        if (last is { } when && time.GetElapsedTime(when) < pause)
            return false;
        last = time.GetTimestamp();
        return true;
    }
}
