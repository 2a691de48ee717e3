using System.Threading.Channels;
using Delivery.Contracts.Events;

namespace Delivery.Tracker.Publishing;

/// <summary>
/// Packs events as they come into the entry that is being filled, and hands entries over in order. Bounded in bytes; never blocks.
/// <see cref="Add"/> is thread-safe; one loop takes.
/// </summary>
internal sealed class EntryQueue(TrackerOptions options, TimeProvider time)
{
    private const int PooledWriters = 64;
    private readonly Lock _gate = new();
    private readonly Queue<PackedEntry> _full = new();
    private readonly Stack<EntryWriter> _writers = new();
    private readonly Channel<bool> _arrived = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly TimeSpan _deadline = TimeSpan.FromMilliseconds(options.RecordDeadlineMs);
    private PackedEntry? _filling;
    private long _bytes;
    private long _records;
    private bool _closed;
    private volatile bool _failing;

    /// <summary>Records added and not yet <see cref="Completed"/>, so those on their way to Redis too.</summary>
    public long Records => Interlocked.Read(ref _records);

    /// <summary>
    /// True from the first sign that Redis does not take events (an attempt failed, a deadline passed) until it takes one:
    /// meanwhile no request waits.
    /// </summary>
    public bool Failing
    {
        get => _failing;
        set => _failing = value;
    }

    /// <summary>The task answers when the event is in Redis, at once where that is not to be expected, and no later than the deadline.</summary>
    public Task<RecordOutcome> Add(in DeliveryEvent e)
    {
        Task<RecordOutcome> answer;
        bool first;
        lock (_gate)
        {
            if (_closed || _bytes >= options.QueueBytes)
                return Answers.Dropped;
            first = _filling is null;
            var entry = _filling ??= Begin();
            var before = entry.Bytes;
            entry.Writer.Add(e);
            _bytes += entry.Bytes - before;
            Interlocked.Increment(ref _records);
            if (entry.Bytes >= options.EntryBytes || entry.Writer.Count >= options.EntryRecords)
            {
                _full.Enqueue(entry);
                _filling = null;
            }

            answer = _failing ? Answers.NotConfirmed : entry.Answer;
        }

        if (first)
            Wake();
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
                _bytes -= entry.Bytes;
            return entry;
        }
    }

    /// <summary>An entry that was taken is in Redis.</summary>
    public void Completed(PackedEntry entry) => Interlocked.Add(ref _records, -entry.Writer.Count);

    /// <summary>Returns when something may have arrived, or after <see cref="Wake"/>.</summary>
    public ValueTask<bool> ArrivedAsync(CancellationToken stop) => _arrived.Reader.ReadAsync(stop);

    public void Wake() => _arrived.Writer.TryWrite(true);

    /// <summary>Nothing is taken in any more.</summary>
    public void Close()
    {
        lock (_gate)
            _closed = true;
        Wake();
    }

    /// <summary>Takes back the buffer of an entry that nobody holds any more.</summary>
    public void Recycle(PackedEntry entry)
    {
        entry.Writer.Clear();
        lock (_gate)
        {
            if (_writers.Count < PooledWriters)
                _writers.Push(entry.Writer);
        }
    }

    private PackedEntry Begin()
    {
        var entry = new PackedEntry(_writers.TryPop(out var writer) ? writer : new EntryWriter());
        entry.StartDeadline(time, _deadline, Late);
        return entry;
    }

    private void Late() => _failing = true;

    private static class Answers
    {
        public static readonly Task<RecordOutcome> Dropped = Task.FromResult(RecordOutcome.Dropped);
        public static readonly Task<RecordOutcome> NotConfirmed = Task.FromResult(RecordOutcome.NotConfirmed);
    }
}
