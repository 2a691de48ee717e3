using Delivery.Contracts.Streams;
using Delivery.Tracker.Publishing;
using Delivery.Tracker.Telemetry;
using Microsoft.Extensions.Options;

namespace Delivery.Tracker.Journaling;

/// <summary>
/// Every packed entry on disk, from before it is published until Redis has had it for a while: what a killed tracker, or a Redis that came
/// back with an older state, gets again, with the same names and numbers. Written by write(2), which outlives the process; flushed where an
/// answer hangs on it. Gives the numbers. Thread-safe.
/// </summary>
internal sealed class EventJournal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly JournalFolder _folder;
    private readonly SegmentStore _store;
    private readonly ShardNumbers[] _numbers;
    private readonly Renumbering[][] _renumberings;
    private readonly List<JournalSegment> _flushing = [];
    private readonly int _segmentBytes;
    private readonly ILogger _log;
    private byte[] _buffer = new byte[64 * 1024];
    private long _nextId;
    private bool _refusing;
    private bool _folderChanged = true;

    private EventJournal(JournalFolder folder, JournalRecovery recovery, TrackerOptions options, TimeProvider time, ILogger log)
    {
        _folder = folder;
        _store = new SegmentStore(recovery.Segments, recovery.Numbers.Length, options.KeepAcknowledged, time, log);
        _numbers = recovery.Numbers;
        _nextId = recovery.NextId;
        _segmentBytes = options.JournalSegmentBytes;
        _log = log;
        MaxBytes = options.JournalMaxBytes;
        Recovered = recovery;
        _renumberings = new Renumbering[_numbers.Length][];
        for (var i = 0; i < _renumberings.Length; i++)
            _renumberings[i] = recovery.RenumberingsOf(i);
    }

    /// <summary>What the folder held at the start.</summary>
    public JournalRecovery Recovered { get; }

    /// <summary>Bytes on disk.</summary>
    public long Bytes => _store.Bytes;

    public long MaxBytes { get; }

    /// <summary>What its disk has left; -1 where that cannot be told.</summary>
    public long DiskFreeBytes() => _folder.DiskFreeBytes();

    /// <summary>True while it takes nothing: it is full, or its disk does not write.</summary>
    public bool Refusing => Volatile.Read(ref _refusing);

    /// <summary>Takes the folder and reads what is left in it.</summary>
    /// <exception cref="InvalidDataException">Another tracker holds the folder, it cannot be used, or its shards do not fit.</exception>
    public static EventJournal Open(IOptions<TrackerOptions> options, IOptions<RedisOptions> redis, TimeProvider time, ILogger<EventJournal> log)
    {
        var folder = JournalFolder.Take(options.Value.Journal);
        try
        {
            var recovery = JournalRecovery.Read(folder, redis.Value.Shards, log);
            var journal = new EventJournal(folder, recovery, options.Value, time, log);
            lock (journal._gate)
                _ = journal.TryRoll();
            TrackerLog.JournalOpened(log, folder.Path, recovery.Segments.Count, recovery.Waiting.Sum());
            return journal;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>How the shard's next record is numbered.</summary>
    public ShardNumbers NumbersOf(int shard)
    {
        lock (_gate)
            return _numbers[shard];
    }

    /// <summary>Where the shard's last entry ends.</summary>
    public JournalPosition EndOf(int shard)
    {
        lock (_gate)
            return _store.EndOf(shard);
    }

    /// <summary>Gives the entry its name and numbers and writes it. False, and nothing is changed, where the journal is full or its disk fails.</summary>
    public bool TryAppend(int shard, PackedEntry entry)
    {
        lock (_gate)
        {
            var numbers = _numbers[shard];
            var header = new JournalEntryHeader
            {
                Kind = JournalEntryKind.Events,
                Shard = shard,
                Suppressions = entry.Suppressions.Count,
                Count = entry.Writer.Count,
                Producer = numbers.Producer,
                First = numbers.Next,
                BodyBytes = entry.Suppressions.Count * Suppression.Size + entry.Bytes,
            };
            var body = Body(header);
            foreach (var suppression in entry.Suppressions)
            {
                suppression.CopyTo(body);
                body = body[Suppression.Size..];
            }

            entry.Writer.Written.Span.CopyTo(body);
            if (!TryWrite(header))
                return false;
            entry.Producer = numbers.Producer;
            entry.First = numbers.Next;
            entry.End = _store.EndOf(shard);
            _numbers[shard] = numbers with { Next = numbers.Next + (ulong)header.Count };
            return true;
        }
    }

    /// <summary>From this number of a producer on the shard's entries have a fresh name. False where that cannot be written down.</summary>
    public bool TryRenumber(int shard, ulong producer, ulong from, out ulong fresh)
    {
        fresh = ProducerId.Next();
        var renumbering = new Renumbering(producer, from, fresh);
        lock (_gate)
        {
            var header = new JournalEntryHeader
            {
                Kind = JournalEntryKind.Renumbering, Shard = shard, Producer = producer, First = from, BodyBytes = sizeof(ulong),
            };
            BitConverter.TryWriteBytes(Body(header), renumbering.New);
            if (!TryWrite(header))
                return false;
            _renumberings[shard] = [.. _renumberings[shard], renumbering];
            if (_numbers[shard].Producer == producer)
                _numbers[shard] = new ShardNumbers(renumbering.New, _numbers[shard].Next - from + 1);
        }

        Flush(JournalPosition.Beginning);
        return true;
    }

    public Renumbering[] RenumberingsOf(int shard)
    {
        lock (_gate)
            return _renumberings[shard];
    }

    /// <summary>
    /// Puts on disk what was written at or after <paramref name="from"/>. One thread at a time. False where the disk refused.
    /// </summary>
    public bool Flush(JournalPosition from)
    {
        lock (_flushing)
        {
            bool folderChanged;
            lock (_gate)
            {
                _store.Unsynced(from, _flushing);
                folderChanged = _folderChanged;
                _folderChanged = false;
            }

            try
            {
                foreach (var segment in _flushing)
                    segment.Flush();
                if (folderChanged)
                    _folder.Sync();
                return true;
            }
            catch (IOException e)
            {
                lock (_gate)
                {
                    Refuse(e.Message);
                    _store.Retire();
                }

                return false;
            }
            finally
            {
                _flushing.Clear();
            }
        }
    }

    /// <inheritdoc cref="SegmentStore.OldestUnpublished"/>
    public JournalPosition OldestUnpublished()
    {
        lock (_gate)
            return _store.OldestUnpublished();
    }

    /// <inheritdoc cref="SegmentStore.Confirm"/>
    public void Confirm(int shard, JournalPosition cursor)
    {
        lock (_gate)
            _store.Confirm(shard, cursor);
    }

    /// <inheritdoc cref="SegmentStore.GoBack"/>
    public void GoBack(int shard, JournalPosition cursor)
    {
        lock (_gate)
            _store.GoBack(shard, cursor);
    }

    /// <summary>Nothing is removed until <see cref="Unpin"/>: somebody reads from the beginning.</summary>
    public void Pin()
    {
        lock (_gate)
            _store.Pins++;
    }

    public void Unpin()
    {
        lock (_gate)
            _store.Pins--;
    }

    /// <inheritdoc cref="SegmentStore.From"/>
    public JournalSegment? SegmentFrom(long id)
    {
        lock (_gate)
            return _store.From(id);
    }

    /// <summary>Segments with an id below this one that are still there.</summary>
    public int CountBelow(long id)
    {
        lock (_gate)
            return _store.CountBelow(id);
    }

    /// <inheritdoc cref="SegmentStore.Reclaim"/>
    public void Reclaim(Action<int> ask)
    {
        lock (_gate)
            _store.Reclaim(ask);
    }

    /// <summary>
    /// Goes on in a new segment where the present one holds anything. Returns the id below which segments hold all that was written before;
    /// null where the disk gives no new one.
    /// </summary>
    public long? Roll()
    {
        lock (_gate)
        {
            if (_store.Active is { } active && active.Length == active.HeaderBytes)
                return active.Id;
            return TryRoll() ? _store.Active!.Id : null;
        }
    }

    /// <summary>Writes that all is on disk and nothing follows.</summary>
    public void Close()
    {
        lock (_gate)
        {
            var header = new JournalEntryHeader { Kind = JournalEntryKind.Closed, Shard = 0, BodyBytes = 0 };
            Body(header);
            _ = TryWrite(header);
        }

        Flush(JournalPosition.Beginning);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private Span<byte> Body(in JournalEntryHeader header)
    {
        if (_buffer.Length < header.TotalBytes)
            _buffer = new byte[header.TotalBytes * 2];
        return _buffer.AsSpan(JournalEntryHeader.Size, header.BodyBytes);
    }

    /// <summary>Seals and writes what stands in the buffer. At the bound what Redis has goes before its time.</summary>
    private bool TryWrite(in JournalEntryHeader header)
    {
        var bytes = header.TotalBytes;
        while (_store.Bytes + bytes > MaxBytes)
        {
            if (!_store.TryFree())
                return Refuse($"{_store.Bytes} of {MaxBytes} bytes are full");
        }

        if ((_store.Active is not { } active || (active.Length > active.HeaderBytes && active.Length + bytes > _segmentBytes)) && !TryRoll())
            return false;
        var entry = _buffer.AsSpan(0, bytes);
        header.Seal(entry);
        try
        {
            RandomAccess.Write(_store.Active!.File, entry, _store.Active.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse(e.Message);
        }

        _store.Grown(bytes, header.Kind == JournalEntryKind.Events ? header.Shard : -1);
        if (_refusing)
        {
            _refusing = false;
            TrackerLog.JournalTakes(_log);
        }

        return true;
    }

    private bool TryRoll()
    {
        try
        {
            var header = new SegmentHeader(BootId.Current, _numbers).ToBytes();
            var (path, file) = _folder.Create(_nextId, header);
            _store.Add(new JournalSegment(_nextId, path, file, header.Length, _numbers.Length));
            _nextId++;
            _folderChanged = true;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse(e.Message);
        }
    }

    /// <summary>False, and a line in the log where it took before.</summary>
    private bool Refuse(string fault)
    {
        if (!_refusing)
            TrackerLog.JournalRefuses(_log, fault);
        _refusing = true;
        return false;
    }
}
