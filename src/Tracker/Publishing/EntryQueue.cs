using System.Threading.Channels;
using Delivery.Contracts.Events;
using Delivery.Tracker.Admission;
using Delivery.Tracker.Journaling;
using Delivery.Tracker.Telemetry;

namespace Delivery.Tracker.Publishing;

/// <summary>
/// Packs events as they come into the entry that is being filled, and hands entries over in order: to the publisher while it is live, else to
/// the journal. Bounded in bytes; never blocks. <see cref="Add"/> is thread-safe.
/// </summary>
internal sealed class EntryQueue(TrackerOptions options, InFlight inFlight, TrackerMetrics metrics, TimeProvider time, Action journal)
{
    private const int PooledWriters = 16;
    private readonly Lock _gate = new();
    private readonly Queue<PackedEntry> _full = new();
    private readonly Stack<EntryWriter> _writers = new();
    private readonly Channel<bool> _arrived = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly TimeSpan _deadline = TimeSpan.FromMilliseconds(options.RecordDeadlineMs);
    private readonly TimeSpan _limit = TimeSpan.FromMilliseconds(Math.Max(options.RecordDeadlineMs, options.AnswerDeadlineMs));
    private PackedEntry? _filling;
    private long _bytes;
    private long _records;
    private bool _closed;
    private volatile bool _live;
    private volatile bool _stalled;

    /// <summary>Records added and not yet taken.</summary>
    public long Records => Interlocked.Read(ref _records);

    /// <summary>True while the publisher takes; false while entries go to the disk alone, and Redis gets them from there.</summary>
    public bool IsLive => _live;

    /// <summary>The task answers when the event is in Redis or on disk, at once where neither is to be expected.</summary>
    public Task<RecordOutcome> Add(in DeliveryEvent e, ReadOnlySpan<Suppression> suppressions)
    {
        Task<RecordOutcome> answer;
        bool first;
        lock (_gate)
        {
            if (_closed || _bytes >= options.QueueBytes)
            {
                inFlight.Leave(1);
                metrics.Dropped(1);
                return Answers.Dropped;
            }

            first = _filling is null;
            var entry = _filling ??= Begin();
            var before = entry.Bytes;
            entry.Writer.Add(e);
            foreach (var also in suppressions)
                entry.Add(also);
            _bytes += entry.Bytes - before;
            Interlocked.Increment(ref _records);
            if (entry.Bytes >= options.EntryBytes || entry.Writer.Count >= options.EntryRecords)
            {
                _full.Enqueue(entry);
                _filling = null;
            }

            answer = _stalled ? NotWaiting() : entry.Answer();
        }

        if (first)
            Notify();
        return answer;
    }

    /// <summary>The oldest entry, or null where none waits.</summary>
    public PackedEntry? Take()
    {
        lock (_gate)
        {
            if (!_full.TryDequeue(out var entry))
            {
                entry = _filling;
                _filling = null;
            }

            if (entry is not null)
            {
                _bytes -= entry.Bytes;
                Interlocked.Add(ref _records, -entry.Writer.Count);
            }

            return entry;
        }
    }

    /// <summary>The publisher takes from now on.</summary>
    public void GoLive()
    {
        _stalled = false;
        _live = true;
    }

    /// <summary>The journal takes from now on.</summary>
    public void FallBack()
    {
        _live = false;
        journal();
    }

    /// <summary>The disk took something: requests wait for it again.</summary>
    public void DiskAnswers() => _stalled = false;

    /// <summary>Returns when something may have arrived for the publisher, or after <see cref="Wake"/>.</summary>
    public ValueTask<bool> ArrivedAsync(CancellationToken stop) => _arrived.Reader.ReadAsync(stop);

    public void Wake() => _arrived.Writer.TryWrite(true);

    /// <summary>Nothing is taken in any more.</summary>
    public void Close()
    {
        lock (_gate)
            _closed = true;
        Wake();
    }

    /// <summary>Takes back the buffer of an entry that nobody reads any more.</summary>
    public void Recycle(PackedEntry entry)
    {
        entry.Writer.Clear();
        lock (_gate)
        {
            if (_writers.Count < PooledWriters)
                _writers.Push(entry.Writer);
        }
    }

    private void Notify()
    {
        if (_live)
            Wake();
        else
            journal();
    }

    private PackedEntry Begin()
    {
        var entry = new PackedEntry(_writers.TryPop(out var writer) ? writer : new EntryWriter(), inFlight);
        entry.StartDeadline(time, _deadline, _limit, FallBack, Stall);
        return entry;
    }

    private Task<RecordOutcome> NotWaiting()
    {
        inFlight.Leave(1);
        return Answers.NotConfirmed;
    }

    private void Stall()
    {
        _stalled = true;
        FallBack();
    }

    private static class Answers
    {
        public static readonly Task<RecordOutcome> Dropped = Task.FromResult(RecordOutcome.Dropped);
        public static readonly Task<RecordOutcome> NotConfirmed = Task.FromResult(RecordOutcome.NotConfirmed);
    }
}
