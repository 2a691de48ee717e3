using Delivery.Contracts.Streams;
using Delivery.Tracker.Admission;
using Delivery.Tracker.Journaling;
using Delivery.Tracker.Telemetry;

namespace Delivery.Tracker.Publishing;

/// <summary>
/// Gets one shard's entries into its stream, in the order of their numbers. Live, it takes what requests have packed, journals it and
/// publishes it. When Redis fails, is late or was away, the journal takes over and the publisher works through it from where Redis stands,
/// until nothing is left between; then it is live again.
/// </summary>
internal sealed class ShardPublisher
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(500);
    private readonly int _shard;
    private readonly EventJournal _journal;
    private readonly ShardStream _stream;
    private readonly JournalLoop _loop;
    private readonly ShardReplay _replay;
    private readonly TrackerMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _turn = new();
    private PackedEntry? _inFlight;
    private volatile bool _closed;
    private volatile bool _verify;
    private bool _unsure = true;
    private long _failingSince;

    public ShardPublisher(
        int shard, ShardStream stream, EventJournal journal, JournalLoop loop, InFlight inFlight, TrackerOptions options, TrackerMetrics metrics, TimeProvider time, ILogger log)
    {
        _shard = shard;
        _stream = stream;
        _loop = loop;
        _journal = journal;
        _metrics = metrics;
        _time = time;
        _log = log;
        Queue = new EntryQueue(options, inFlight, metrics, time, loop.Wake);
        _replay = new ShardReplay(_shard, journal, options, metrics, log);
    }

    public EntryQueue Queue { get; }

    /// <summary>Records that Redis does not have yet, as far as is known.</summary>
    public long Waiting => Queue.Records + _replay.Waiting;

    /// <summary>Looks whether Redis still has what it acknowledged: the connection was lost, or the journal wants to forget it.</summary>
    public void Verify()
    {
        _verify = true;
        Queue.Wake();
    }

    /// <summary>Nothing is taken in any more; the loop ends when Redis has everything, or does not answer.</summary>
    public void Close()
    {
        _closed = true;
        Queue.Close();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        await _stream.Connected.WaitAsync(stop);
        while (true)
        {
            try
            {
                await PublishAllAsync(stop);
                return;
            }
            catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
            {
                TrackerLog.PublisherFailed(_log, e, _shard);
                _unsure = true;
                Queue.FallBack();
                await Task.Delay(MaxPause, _time, stop);
            }
        }
    }

    /// <summary>
    /// Journals what waits, unless the publisher is live and does so itself, and adds to <paramref name="written"/> what is to be answered
    /// once it is on disk. Called by the journal's thread.
    /// </summary>
    public void JournalWaiting(List<PackedEntry> written, bool evenLive = false)
    {
        const int Most = 64;
        lock (_turn)
        {
            if (Queue.IsLive && !evenLive)
                return;
            if (_inFlight is { IsAnswered: false } sent)
                written.Add(sent);
            for (var i = 0; i < Most && Queue.Take() is { } entry; i++)
            {
                if (_journal.TryAppend(_shard, entry))
                {
                    _replay.Appended(entry.Writer.Count);
                    written.Add(entry);
                }
                else
                {
                    _metrics.Dropped(entry.Writer.Count);
                    entry.Complete(RecordOutcome.Dropped);
                }

                Queue.Recycle(entry);
            }
        }
    }

    /// <summary>Under the lock that the journal's thread takes too, so that numbers and the order of taking agree.</summary>
    private PackedEntry? TakeLive(out bool journaled)
    {
        lock (_turn)
        {
            journaled = false;
            if (!Queue.IsLive || Queue.Take() is not { } entry)
                return null;
            journaled = _journal.TryAppend(_shard, entry);
            if (journaled)
            {
                _replay.Appended(entry.Writer.Count);
                _inFlight = entry;
            }

            return entry;
        }
    }

    private async Task PublishAllAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (_verify && Queue.IsLive)
                await VerifyAsync();
            if (!Queue.IsLive && !await CatchUpAsync(stop))
                return;
            if (TakeLive(out var journaled) is not { } entry)
            {
                if (_closed && Queue.IsLive)
                    return;
                if (Queue.IsLive)
                    await Queue.ArrivedAsync(stop);
                continue;
            }

            if (journaled)
                await PublishAsync(entry);
            else
                await PublishBareAsync(entry, stop);
            var several = entry.Writer.Count > 1;
            Queue.Recycle(entry);

            // Under load: those who wait for a thread get one first, so that the next entry holds what they bring.
            if (several)
                await Task.Yield();
        }
    }

    private async Task PublishAsync(PackedEntry entry)
    {
        await _loop.FlushedAsync();
        var result = await TryAsync(_stream.PublishAsync(entry.Producer, entry.First, entry.Writer.Count, entry.Writer.Written, entry.Suppressions, leap: false));
        var taken = result is { Status: not PublishStatus.OutOfTurn } reply && reply.Mark == entry.Last;
        if (taken)
        {
            entry.Complete(RecordOutcome.Recorded);
            _replay.Published(entry.Producer, entry.Last, entry.Writer.Count, entry.End);
        }
        else
        {
            _unsure = true;
        }

        lock (_turn)
            _inFlight = taken ? null : entry;
        if (!taken)
            Queue.FallBack();
    }

    /// <summary>The disk takes nothing and Redis does: the entry goes under a name that no journal has, and is tried for until its fate is known.</summary>
    private async Task PublishBareAsync(PackedEntry entry, CancellationToken stop)
    {
        var numbers = _replay.Bare(entry.Writer.Count);
        while (await TryAsync(_stream.PublishAsync(numbers.Producer, numbers.Next, entry.Writer.Count, entry.Writer.Written, entry.Suppressions, leap: true)) is null)
        {
            Queue.FallBack();
            try
            {
                await Task.Delay(MaxPause, _time, stop);
            }
            catch (OperationCanceledException)
            {
                _metrics.Dropped(entry.Writer.Count);
                entry.Complete(RecordOutcome.Dropped);
                throw;
            }
        }

        _metrics.Published(entry.Writer.Count);
        entry.Complete(RecordOutcome.Recorded);
    }

    private async Task VerifyAsync()
    {
        _verify = false;
        var marks = await TryMarksAsync();
        if (marks is not null && _replay.Confirms(marks))
            return;
        _unsure = true;
        Queue.FallBack();
    }

    /// <summary>True once the publisher is live; false where the tracker stops first.</summary>
    private async Task<bool> CatchUpAsync(CancellationToken stop)
    {
        var pause = MinPause;
        var outOfTurn = 0;
        _replay.Resume();
        while (!stop.IsCancellationRequested)
        {
            if (_unsure || _verify)
            {
                _verify = false;
                _unsure = await TryMarksAsync() is not { } marks || !_replay.GoTo(marks);
            }

            if (!_unsure)
            {
                if (!_replay.TryFill(out var batch))
                {
                    if (GoLive())
                        return true;
                    continue;
                }

                var result = await TryAsync(_stream.PublishAsync(batch.Producer, batch.First, batch.Count, batch.Records, batch.Suppressions, _replay.Leaps));
                if (result is { Status: not PublishStatus.OutOfTurn } reply && reply.Mark == batch.Last)
                {
                    _replay.Published(reply.Status == PublishStatus.Appended);
                    (pause, outOfTurn) = (MinPause, 0);
                    continue;
                }

                _unsure = true;
                if (result is not null && outOfTurn++ == 0)
                    continue;
            }

            if (_closed)
                return false;
            await Task.Delay(pause, _time, stop);
            pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
        }

        return false;
    }

    private bool GoLive()
    {
        lock (_turn)
        {
            if (!_replay.IsAtEnd)
                return false;
            _inFlight = null;
            Queue.GoLive();
        }

        _replay.Release();
        if (_failingSince != 0)
        {
            TrackerLog.RedisTakes(_log, _shard, (long)_time.GetElapsedTime(_failingSince).TotalMilliseconds);
            _failingSince = 0;
        }

        return true;
    }

    private async Task<IReadOnlyDictionary<ulong, ulong>?> TryMarksAsync()
    {
        try
        {
            return await _stream.MarksAsync(_replay.Producers);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failed(e);
            return null;
        }
    }

    /// <summary>Null where Redis did not take it or did not answer in time.</summary>
    private async Task<PublishResult?> TryAsync(Task<PublishResult> publishing)
    {
        try
        {
            return await publishing;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failed(e);
            return null;
        }
    }

    private void Failed(Exception e)
    {
        _metrics.PublishFailed();
        if (_failingSince != 0)
            return;
        _failingSince = _time.GetTimestamp();
        TrackerLog.RedisFails(_log, _shard, e.GetType().Name);
    }
}
