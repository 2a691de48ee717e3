using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Erasure;
using Delivery.Aggregator.Hindsight;
using Delivery.Aggregator.Rollups;
using Delivery.Aggregator.Telemetry;

namespace Delivery.Aggregator.Streams;

/// <summary>
/// Moves a shard's stream into ClickHouse while the shard is ours: manifest, insert, commit, one batch after another, the next one
/// being read meanwhile. Whatever fails ends it: ClickHouse is asked what it has only at the beginning, so the way out of every doubt
/// is to begin again.
/// </summary>
internal sealed class ShardConsumer(
    int shard,
    ShardLedger ledger,
    BatchReader reader,
    ClickHouseClient clickHouse,
    BatchInsert insert,
    EventPresence presence,
    ErasedPeople erased,
    RollupRebuild rebuild,
    HindsightPass hindsight,
    ShardUpkeep upkeep,
    Replays replays,
    BatchHook hook,
    AggregatorOptions options,
    ShardStatus status,
    AggregatorMetrics metrics,
    TimeProvider time,
    ILogger<ShardConsumer> log)
{
    private EventBatch _current = new(shard, erased);
    private EventBatch _next = new(shard, erased);

    /// <summary>Returns when <paramref name="stopping"/> says so, at the end of a batch.</summary>
    /// <param name="abandon">Gives up in the middle: the lease is lost, or the time for stopping is over.</param>
    public async Task ConsumeAsync(ShardLease lease, Manifest? left, CancellationToken stopping, CancellationToken abandon)
    {
        var fence = await ShardFence.TakeAsync(clickHouse, shard, lease.Stamp, time, abandon).ConfigureAwait(false);
        (_current.Fence, _next.Fence) = (fence.Number, fence.Number);
        lease.Demand();
        await hindsight.BeginAsync().ConfigureAwait(false);
        var marks = await presence.LoadMarksAsync(abandon).ConfigureAwait(false);
        if (left is not null)
            await RecoverAsync(lease, fence, left, marks, abandon).ConfigureAwait(false);
        await ledger.SeedMarksAsync(lease, marks).ConfigureAwait(false);
        await rebuild.RebuildAsync(await rebuild.FindDueAsync(shard, abandon).ConfigureAwait(false), fence, abandon).ConfigureAwait(false);
        status.Consuming();
        var began = time.GetTimestamp();
        var more = await reader.FillAsync(_current, marks, null).ConfigureAwait(false);
        while (!stopping.IsCancellationRequested)
        {
            abandon.ThrowIfCancellationRequested();
            await hindsight.LookAsync(lease, fence, abandon).ConfigureAwait(false);
            await upkeep.RunAsync(lease, fence, abandon).ConfigureAwait(false);
            if (await replays.RunAsync(lease, fence, marks, abandon).ConfigureAwait(false))
            {
                // What is read already may be in ClickHouse since: read again, it is suspect.
                more = await reader.FillAsync(_current, marks, null).ConfigureAwait(false);
            }

            var ahead = more ? reader.FillAsync(_next, marks, _current.Last) : null;
            var result = CommitResult.Committed;
            try
            {
                if (_current.Entries > 0)
                    result = await ProcessAsync(lease, fence, abandon).ConfigureAwait(false);
            }
            finally
            {
                if (ahead is not null)
                    await ((Task)ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (ahead is not null && result == CommitResult.Committed)
            {
                more = await ahead.ConfigureAwait(false);
                (_current, _next) = (_next, _current);
                continue;
            }

            if (!more)
                await PauseAsync(began, stopping).ConfigureAwait(false);
            began = time.GetTimestamp();
            more = await reader.FillAsync(_current, marks, null).ConfigureAwait(false);
        }
    }

    private async Task<CommitResult> ProcessAsync(ShardLease lease, ShardFence fence, CancellationToken abandon)
    {
        var batch = _current;
        var manifest = new Manifest(batch.First, batch.Last, batch.Entries, fence.Mark($"{batch.First}:{batch.Last}"));
        var began = time.GetTimestamp();
        await ledger.WriteAsync(lease, manifest).ConfigureAwait(false);
        await hindsight.NoteAsync(lease, batch).ConfigureAwait(false);
        await hook.ReachAsync(BatchPoint.BeforeInsert).ConfigureAwait(false);
        lease.Demand();
        if (batch.IsSuspect)
            await CompleteAsync(fence, batch, manifest, abandon).ConfigureAwait(false);
        else
            await insert.InsertAsync(batch, manifest.Token, abandon).ConfigureAwait(false);
        return await CommitAsync(lease, batch, manifest, began).ConfigureAwait(false);
    }

    private async Task RecoverAsync(ShardLease lease, ShardFence fence, Manifest manifest, ProducerMarks marks, CancellationToken abandon)
    {
        var began = time.GetTimestamp();
        await reader.RefillAsync(_current, marks, manifest).ConfigureAwait(false);
        await hindsight.NoteAsync(lease, _current).ConfigureAwait(false);
        await hook.ReachAsync(BatchPoint.BeforeInsert).ConfigureAwait(false);
        lease.Demand();
        await CompleteAsync(fence, _current, manifest, abandon).ConfigureAwait(false);
        await CommitAsync(lease, _current, manifest, began).ConfigureAwait(false);
    }

    private async Task CompleteAsync(ShardFence fence, EventBatch batch, Manifest manifest, CancellationToken abandon)
    {
        var (missing, mended) = await insert.CompleteAsync(batch, manifest.Token, fence, abandon).ConfigureAwait(false);
        Log.BatchCompleted(log, shard, manifest.First, manifest.Last, batch.Events.Count, missing, mended);
        metrics.Recovered(shard, batch.Events.Count - missing, mended);
    }

    private async Task<CommitResult> CommitAsync(ShardLease lease, EventBatch batch, Manifest manifest, long began)
    {
        await hook.ReachAsync(BatchPoint.AfterInsert).ConfigureAwait(false);
        var result = await ledger.CommitAsync(lease, manifest, batch).ConfigureAwait(false);
        if (batch.DeadLetters.Count > 0)
            Log.DeadLetters(log, shard, batch.DeadLetters.Count, batch.DeadLetters[0].Entry, batch.DeadLetters[0].Reason);
        if (result == CommitResult.StreamChanged)
        {
            Log.StreamChanged(log, shard, manifest.Last);
            reader.Reset();
        }

        var age = time.GetUtcNow().ToUnixTimeMilliseconds() - (long)StreamId.Milliseconds(manifest.First);
        metrics.Committed(shard, batch, time.GetElapsedTime(began), TimeSpan.FromMilliseconds(Math.Max(0, age)));
        status.Committed();
        await hook.ReachAsync(BatchPoint.AfterCommit).ConfigureAwait(false);
        return result;
    }

    private async Task PauseAsync(long began, CancellationToken stopping)
    {
        var rest = options.BatchInterval - time.GetElapsedTime(began);
        if (rest > TimeSpan.Zero)
            await Task.Delay(rest, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
