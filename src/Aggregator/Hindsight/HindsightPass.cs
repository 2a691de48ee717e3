using Delivery.Aggregator.Rollups;
using Delivery.Aggregator.Streams;
using Delivery.Aggregator.Telemetry;
using Delivery.Contracts.Readers;

namespace Delivery.Aggregator.Hindsight;

/// <summary>
/// Looks again at the recipients of a shard whose events came since the last look, between the batches of the shard's owner. Where it
/// was stopped, the mark in Redis says since when the next owner has to look; looking twice changes nothing.
/// </summary>
internal sealed class HindsightPass(
    int shard,
    HindsightMark mark,
    HistoryQuery histories,
    ReaderPages pages,
    RevisionInsert insert,
    RollupRebuild rebuild,
    HindsightOptions options,
    TimeProvider time,
    ILogger<HindsightPass> log)
{
    /// <summary>Counting jobs again may take this part of the time.</summary>
    private const int RebuildsEvery = 10;

    private readonly HindsightRules _rules = new(options);
    private readonly List<KeyValuePair<ReaderKey, ReaderSpan>> _readers = [];
    private readonly List<ReaderVerdict> _verdicts = [];
    private readonly List<Revision> _revisions = [];
    private readonly HashSet<ulong> _due = [];
    private DirtyReaders _dirty = new(options.Remembered, time);
    private CatchUp? _walk;
    private long? _walkAgainMs;
    private long _looked;
    private long _rebuilt;
    private TimeSpan _rebuildTook;

    /// <summary>Recipients who wait to be looked at, as far as they are known by name.</summary>
    public int Waiting => _dirty.Count;

    /// <summary>The shard is ours now.</summary>
    public async Task BeginAsync()
    {
        _dirty = new DirtyReaders(options.Remembered, time);
        _due.Clear();
        _walkAgainMs = null;
        _walk = options.Enabled && await mark.ReadAsync().ConfigureAwait(false) is { } since ? new CatchUp(null, since, null) : null;
        _looked = time.GetTimestamp();
    }

    /// <summary>Before the events of a batch go into ClickHouse.</summary>
    public Task NoteAsync(ShardLease lease, EventBatch batch)
    {
        if (!options.Enabled)
            return Task.CompletedTask;
        _dirty.Add(batch.Events);
        if (_dirty.Overflowed)
        {
            _walkAgainMs = Earlier(_walkAgainMs, _dirty.SinceMs);
            _dirty.Found();
        }

        return mark.WriteAsync(lease, Since);
    }

    /// <summary>Between two batches. Does nothing before its time; otherwise looks at some of those who wait.</summary>
    /// <exception cref="ClickHouse.ClickHouseException">Failed: the shard has to be begun again, by the mark.</exception>
    public async Task LookAsync(ShardLease lease, ShardFence fence, CancellationToken cancellation)
    {
        if (!options.Enabled || time.GetElapsedTime(_looked) < options.Interval)
            return;
        _looked = time.GetTimestamp();
        await LookAtThoseWhoWaitAsync(lease, fence, cancellation).ConfigureAwait(false);
        await WalkAsync(lease, fence, cancellation).ConfigureAwait(false);
        if (_due.Count > 0 && time.GetElapsedTime(_rebuilt) >= _rebuildTook * RebuildsEvery)
        {
            var began = _rebuilt = time.GetTimestamp();
            await rebuild.RebuildAsync([.. _due], fence, cancellation).ConfigureAwait(false);
            _due.Clear();
            _rebuildTook = time.GetElapsedTime(began);
            _rebuilt = time.GetTimestamp();
        }

        _dirty.Age();
        await mark.WriteAsync(lease, Since).ConfigureAwait(false);
    }

    private long? Since => Earlier(Earlier(_dirty.SinceMs, _walkAgainMs), _walk is { Reapplies: false } walk ? walk.SinceMs : null);

    private async Task LookAtThoseWhoWaitAsync(ShardLease lease, ShardFence fence, CancellationToken cancellation)
    {
        while (_dirty.Count > 0)
        {
            _dirty.Take(options.Recipients, _readers);
            await ReviseAsync(lease, fence, reapply: false, cancellation).ConfigureAwait(false);
            _dirty.Done(_readers);
            if (IsLong)
                return;
        }
    }

    private async Task WalkAsync(ShardLease lease, ShardFence fence, CancellationToken cancellation)
    {
        if (_walk is null)
            await FindWalkAsync(lease).ConfigureAwait(false);
        while (_walk is { } walk && !IsLong)
        {
            await pages.NextAsync(walk, options.Recipients, _readers, cancellation).ConfigureAwait(false);
            if (_readers.Count > 0)
            {
                await ReviseAsync(lease, fence, walk.Reapplies, cancellation).ConfigureAwait(false);
                continue;
            }

            if (walk.Order is { } order)
                await mark.DropAsync(lease, order).ConfigureAwait(false);
            _walk = null;
        }
    }

    /// <summary>What was forgotten comes before what an operator wishes.</summary>
    private async Task FindWalkAsync(ShardLease lease)
    {
        if (_walkAgainMs is { } again)
        {
            _walkAgainMs = null;
            _walk = new CatchUp(null, again, null);
            return;
        }

        if (await mark.NextOrderAsync().ConfigureAwait(false) is not { } text)
            return;
        if (ReclassifyOrder.TryParse(text, out var order))
            _walk = new CatchUp(order.Job, order.SinceMs, text);
        else
            await mark.DropAsync(lease, text).ConfigureAwait(false);
    }

    /// <summary>A quarter of the time is for looking; the rest is for new events.</summary>
    private bool IsLong => time.GetElapsedTime(_looked) > options.Interval / 4;

    private async Task ReviseAsync(ShardLease lease, ShardFence fence, bool reapply, CancellationToken cancellation)
    {
        _revisions.Clear();
        foreach (var history in await histories.ReadAsync(_readers, reapply, cancellation).ConfigureAwait(false))
            Judge(history);
        if (_revisions.Count == 0)
            return;
        lease.Demand();
        await insert.InsertAsync(_revisions, fence, cancellation).ConfigureAwait(false);
        foreach (var revision in _revisions)
            _due.Add(revision.Reader.Job);
        Log.Revised(log, shard, _revisions.Count, _readers.Count);
    }

    private void Judge(ReadingHistory history)
    {
        _rules.Judge(history, _verdicts);
        for (var i = 0; i < _verdicts.Count; i++)
        {
            var one = history.Events[i];
            if (one.TimeMs >= history.FromMs && one.TimeMs <= history.ToMs && _verdicts[i] != one.Now)
                _revisions.Add(new Revision(new ReaderKey(history.Account, history.Job, history.Recipient), one, _verdicts[i]));
        }
    }

    private static long? Earlier(long? one, long? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);
}
