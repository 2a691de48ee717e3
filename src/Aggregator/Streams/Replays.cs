using Delivery.Aggregator.Erasure;
using Delivery.Aggregator.Hindsight;
using Delivery.Aggregator.Rollups;
using Delivery.Aggregator.Telemetry;

namespace Delivery.Aggregator.Streams;

/// <summary>
/// The owner's part of a replay: dead letters go through the same eyes as entries of the stream, under their own numbers, and
/// whatever of them is in ClickHouse already is found there first. So no manifest is needed: a crash leaves the group where it was.
/// For the shard's owner, between two batches.
/// </summary>
internal sealed class Replays(
    int shard, ErasedPeople erased, ReplayStream stream, ShardLedger ledger, BatchInsert insert, HindsightPass hindsight, BatchHook hook, AggregatorMetrics metrics, TimeProvider time, ILogger<Replays> log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private const ulong LongestRun = 50_000;
    private readonly EventBatch _batch = new(shard, erased);
    private long? _looked;

    /// <summary>Looks every half second whether a group waits, and tries one. True where it did: then events may be in ClickHouse that are also in the stream.</summary>
    public async Task<bool> RunAsync(ShardLease lease, ShardFence fence, ProducerMarks marks, CancellationToken abandon)
    {
        if (_looked is { } looked && time.GetElapsedTime(looked) < LookEvery)
            return false;
        if (await stream.FirstAsync().ConfigureAwait(false) is { } replay)
        {
            await TryAsync(replay, lease, fence, marks, abandon).ConfigureAwait(false);
            return true;
        }

        _looked = time.GetTimestamp();
        return false;
    }

    private async Task TryAsync(Replay replay, ShardLease lease, ShardFence fence, ProducerMarks marks, CancellationToken abandon)
    {
        await hook.ReachAsync(BatchPoint.BeforeReplay).ConfigureAwait(false);
        var (events, missing, mended) = (0, 0, 0);
        var left = new List<DeadLetter>();
        var spans = new List<EventSpan>();
        foreach (var run in Runs(replay))
        {
            _batch.Clear();
            _batch.Fence = fence.Number;
            foreach (var entry in run)
                _batch.Add(entry, marks);
            lease.Demand();
            await hindsight.NoteAsync(lease, _batch).ConfigureAwait(false);
            var token = fence.Mark($"replay:{replay.Group}:{run[0].Producer}:{run[0].FirstNumber}");
            var (absent, rebuilt) = await insert.CompleteAsync(_batch, token, fence, abandon).ConfigureAwait(false);
            (events, missing, mended) = (events + _batch.Events.Count, missing + absent, mended + rebuilt);
            left.AddRange(_batch.DeadLetters);
            spans.AddRange(EventSpan.Of(_batch.Events));
        }

        await hook.ReachAsync(BatchPoint.AfterReplay).ConfigureAwait(false);
        await ledger.CommitReplayAsync(lease, replay, spans, left).ConfigureAwait(false);
        metrics.Replayed(shard, missing, left.Count);
        metrics.Recovered(shard, events - missing, mended);
        Log.Replayed(log, shard, replay.Entries.Count, events, missing, left.Count);
    }

    /// <summary>The letters by their numbers, parted where numbers lie far apart: what is looked up for a run is all between its ends.</summary>
    private static List<List<StreamEntry>> Runs(Replay replay)
    {
        var runs = new List<List<StreamEntry>>();
        foreach (var entry in replay.Entries.OrderBy(entry => entry.Producer).ThenBy(entry => entry.FirstNumber))
        {
            if (runs.Count == 0 || runs[^1][0] is var first && (first.Producer != entry.Producer || entry.FirstNumber - first.FirstNumber > LongestRun))
                runs.Add([]);
            runs[^1].Add(entry);
        }

        return runs;
    }
}
