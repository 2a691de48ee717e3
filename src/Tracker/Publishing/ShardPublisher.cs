using Delivery.Contracts.Streams;
using Delivery.Tracker.Telemetry;

namespace Delivery.Tracker.Publishing;

/// <summary>
/// Publishes one shard's entries, one after another, each with the same numbers and bytes until Redis has it: a failed call's outcome is
/// unknown, and the publish script makes repeating harmless. Entries are whole, so a producer's mark always lies at an entry's end.
/// </summary>
internal sealed class ShardPublisher
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(500);
    private readonly StreamNames _names;
    private readonly RedisConnection _redis;
    private readonly TrackerMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly KeptEntries _kept;
    private readonly TimeSpan _timeout;
    private ulong _producer = ProducerId.Next();
    private ulong _next = 1;
    private volatile bool _verify;
    private long _failingSince;

    public ShardPublisher(StreamNames names, RedisConnection redis, TrackerOptions options, TrackerMetrics metrics, TimeProvider time, ILogger log)
    {
        _names = names;
        _redis = redis;
        _metrics = metrics;
        _time = time;
        _log = log;
        _timeout = TimeSpan.FromMilliseconds(options.PublishTimeoutMs);
        Queue = new EntryQueue(options, time);
        _kept = new KeptEntries(options, time, Queue);
    }

    public EntryQueue Queue { get; }

    /// <summary>The connection was lost and is there again: looks whether Redis still has what it acknowledged.</summary>
    public void Verify()
    {
        _verify = true;
        Queue.Wake();
    }

    /// <summary>Ends when the queue is closed and empty, or with <paramref name="stop"/>.</summary>
    public async Task RunAsync(Func<bool> closed, CancellationToken stop)
    {
        await _redis.Connected.WaitAsync(stop);
        while (true)
        {
            if (_verify)
            {
                _verify = false;
                if (_kept.Last is { } last)
                    await DeliverAsync(last, stop);
            }

            if (Queue.Take() is not { } entry)
            {
                if (closed())
                    return;
                await Queue.ArrivedAsync(stop);
                continue;
            }

            entry.First = _next;
            _next += (ulong)entry.Writer.Count;
            await DeliverAsync(entry, stop);
            entry.Complete(RecordOutcome.Recorded);
            _metrics.Published(entry.Writer.Count);
            Queue.Completed(entry);
            _kept.Add(entry);
        }
    }

    /// <summary>Returns once the stream has <paramref name="target"/>, and before it every kept entry that a restarted Redis had lost.</summary>
    private async Task DeliverAsync(PackedEntry target, CancellationToken stop)
    {
        var entry = target;
        var behind = false;
        ulong mark = 0;
        var pause = MinPause;
        while (true)
        {
            var gap = behind && entry.First > mark + 1;
            var result = await TryPublishAsync(entry, gap);
            if (result is null)
            {
                await Task.Delay(pause, _time, stop);
                pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
                continue;
            }

            pause = MinPause;
            var before = mark;
            mark = result.Value.Mark;
            if (mark > entry.Last || (mark >= entry.First && result.Value.Status == PublishStatus.OutOfTurn))
            {
                if (!Renumber(target))
                    return;
                (entry, behind, mark) = (target, false, 0);
                continue;
            }

            if (result.Value.Status == PublishStatus.OutOfTurn)
            {
                behind = true;
                entry = _kept.After(mark) ?? target;
                continue;
            }

            if (gap && result.Value.Status == PublishStatus.Appended)
                LeaptOver(before + 1, entry.First - 1);
            Recovered();
            if (entry == target)
                return;
            _metrics.Resent(entry.Writer.Count);
            entry = _kept.After(mark) ?? target;
        }
    }

    /// <summary>Null where Redis did not take it or did not answer in time.</summary>
    private async Task<PublishResult?> TryPublishAsync(PackedEntry entry, bool leap)
    {
        try
        {
            return _redis.TryGet(out var redis)
                ? await PublishScript.PublishAsync(redis, _names, _producer, entry.First, entry.Writer.Count, entry.Writer.Written, _timeout, leap)
                : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _metrics.PublishFailed();
            Queue.Failing = true;
            if (_failingSince == 0)
            {
                _failingSince = _time.GetTimestamp();
                TrackerLog.RedisFails(_log, _names.Shard, e.GetType().Name);
            }

            return null;
        }
    }

    private void Recovered()
    {
        Queue.Failing = false;
        if (_failingSince == 0)
            return;
        TrackerLog.RedisTakes(_log, _names.Shard, (long)_time.GetElapsedTime(_failingSince).TotalMilliseconds, Queue.Records);
        _failingSince = 0;
    }

    private void LeaptOver(ulong first, ulong last)
    {
        _metrics.Gap((long)(last - first + 1));
        TrackerLog.Gap(_log, _names.Shard, _producer, first, last);
    }

    /// <summary>
    /// Redis has numbers of this producer that were never given: somebody wrote under its name. Goes on under another name.
    /// False where <paramref name="target"/> was acknowledged before, so that nothing is left to deliver.
    /// </summary>
    private bool Renumber(PackedEntry target)
    {
        TrackerLog.ForeignNumbers(_log, _names.Shard, _producer);
        var waits = target.AcknowledgedAt == 0;
        _producer = ProducerId.Next();
        _kept.Clear();
        _next = 1;
        if (waits)
        {
            target.First = 1;
            _next += (ulong)target.Writer.Count;
        }

        return waits;
    }
}
