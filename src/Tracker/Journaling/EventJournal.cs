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
    private readonly List<JournalSegment> _segments;
    private readonly ShardNumbers[] _numbers;
    private readonly ShardPlace[] _places;
    private readonly Renumbering[][] _renumberings;
    private readonly long _maxBytes;
    private readonly int _segmentBytes;
    private readonly TimeSpan _keep;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private byte[] _buffer = new byte[64 * 1024];
    private JournalSegment? _active;
    private long _nextId;
    private long _bytes;
    private bool _refusing;
    private bool _folderChanged = true;
    private int _pins;

    private EventJournal(JournalFolder folder, JournalRecovery recovery, TrackerOptions options, TimeProvider time, ILogger log)
    {
        _folder = folder;
        _segments = recovery.Segments;
        _numbers = recovery.Numbers;
        _nextId = recovery.NextId;
        _maxBytes = options.JournalMaxBytes;
        _segmentBytes = options.JournalSegmentBytes;
        _keep = options.KeepAcknowledged;
        _time = time;
        _log = log;
        Recovered = recovery;
        _renumberings = new Renumbering[_numbers.Length][];
        _places = new ShardPlace[_numbers.Length];
        foreach (var segment in _segments)
            _bytes += segment.Length;
        for (var i = 0; i < _places.Length; i++)
        {
            _renumberings[i] = recovery.RenumberingsOf(i);
            foreach (var segment in _segments)
            {
                if (segment.Ends[i] > 0)
                    _places[i].End = new JournalPosition(segment.Id, segment.Ends[i]);
            }
        }
    }

    /// <summary>What the folder held at the start.</summary>
    public JournalRecovery Recovered { get; }

    /// <summary>Bytes on disk.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public long MaxBytes => _maxBytes;

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

    /// <summary>The last number given to a shard's records, and under which name.</summary>
    public ShardNumbers NumbersOf(int shard)
    {
        lock (_gate)
            return _numbers[shard];
    }

    /// <summary>Where the shard's last entry ends.</summary>
    public JournalPosition EndOf(int shard)
    {
        lock (_gate)
            return _places[shard].End;
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
            entry.End = new JournalPosition(_active!.Id, _active.Length);
            _active.Ends[shard] = _active.Length;
            _places[shard].End = entry.End;
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
    /// Puts on disk what was written at or after <paramref name="from"/>. One thread at a time, the one that also reclaims.
    /// False where the disk refused.
    /// </summary>
    public bool Flush(JournalPosition from)
    {
        JournalSegment[] unsynced;
        bool folderChanged;
        lock (_gate)
        {
            unsynced = [.. _segments.Where(s => s.Id >= from.Segment && s.Synced < s.Length)];
            folderChanged = _folderChanged;
            _folderChanged = false;
        }

        try
        {
            foreach (var segment in unsynced)
            {
                var length = segment.Length;
                if (segment.TryFlush())
                    segment.Synced = Math.Max(segment.Synced, length);
            }

            if (folderChanged)
                _folder.Sync();
            return true;
        }
        catch (IOException e)
        {
            lock (_gate)
            {
                Refuse(e.Message);
                _active = null;
            }

            return false;
        }
    }

    /// <summary>The oldest place that some shard has not yet got into Redis; the newest there is where all have.</summary>
    public JournalPosition OldestUnpublished()
    {
        lock (_gate)
        {
            var oldest = new JournalPosition(_active?.Id ?? long.MaxValue, 0);
            foreach (var place in _places)
            {
                if (place.Cursor < place.End && place.Cursor < oldest)
                    oldest = place.Cursor;
            }

            return oldest;
        }
    }

    /// <summary>Redis has all of the shard before <paramref name="cursor"/>, and said so just now.</summary>
    public void Confirm(int shard, JournalPosition cursor)
    {
        lock (_gate)
        {
            _places[shard].Cursor = cursor;
            _places[shard].ConfirmedAt = _time.GetTimestamp();
        }
    }

    /// <summary>Redis has of the shard only what is before <paramref name="cursor"/>: what follows is kept as if it were new.</summary>
    public void GoBack(int shard, JournalPosition cursor)
    {
        lock (_gate)
        {
            _places[shard].Cursor = cursor;
            foreach (var segment in _segments)
            {
                if (segment.Id >= cursor.Segment)
                    segment.DoneAt = 0;
            }
        }
    }

    /// <summary>Nothing is removed until <see cref="Unpin"/>: somebody reads from the beginning.</summary>
    public void Pin()
    {
        lock (_gate)
            _pins++;
    }

    public void Unpin()
    {
        lock (_gate)
            _pins--;
    }

    /// <summary>The segment with this id or, where it is gone, the next one; null behind the last.</summary>
    public JournalSegment? SegmentFrom(long id)
    {
        lock (_gate)
        {
            foreach (var segment in _segments)
            {
                if (segment.Id >= id)
                    return segment;
            }

            return null;
        }
    }

    /// <summary>
    /// Removes what Redis has had for long enough. <paramref name="ask"/> is told each shard of which Redis should say once more that it has
    /// it before the next segment goes.
    /// </summary>
    public void Reclaim(Action<int> ask)
    {
        lock (_gate)
        {
            while (OldestDone() is { } segment)
            {
                var now = _time.GetTimestamp();
                if (segment.DoneAt == 0)
                    segment.DoneAt = now;
                if (_time.GetElapsedTime(segment.DoneAt, now) < _keep || !IsConfirmed(segment, ask))
                    return;
                Remove(segment);
            }
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
        foreach (var segment in _segments)
            segment.Dispose();
        _folder.Dispose();
    }

    private Span<byte> Body(in JournalEntryHeader header)
    {
        if (_buffer.Length < header.TotalBytes)
            _buffer = new byte[header.TotalBytes * 2];
        return _buffer.AsSpan(JournalEntryHeader.Size, header.BodyBytes);
    }

    /// <summary>Seals and writes what stands in the buffer.</summary>
    private bool TryWrite(in JournalEntryHeader header)
    {
        var bytes = header.TotalBytes;
        if (!MakeRoom(bytes))
            return false;
        if ((_active is null || (_active.Length > _active.HeaderBytes && _active.Length + bytes > _segmentBytes)) && !TryRoll())
            return false;
        var entry = _buffer.AsSpan(0, bytes);
        header.Seal(entry);
        try
        {
            RandomAccess.Write(_active!.File, entry, _active.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Refuse(e.Message);
            return false;
        }

        _active.Length += bytes;
        Interlocked.Add(ref _bytes, bytes);
        if (_refusing)
        {
            _refusing = false;
            TrackerLog.JournalTakes(_log);
        }

        return true;
    }

    /// <summary>Within the bound what Redis has is kept for its time; at the bound the oldest of it goes.</summary>
    private bool MakeRoom(int bytes)
    {
        while (_bytes + bytes > _maxBytes)
        {
            if (OldestDone() is { } segment)
            {
                Remove(segment);
            }
            else if (_active is { } active && active.Length > active.HeaderBytes && IsDone(active))
            {
                _active = null;
            }
            else
            {
                Refuse($"{_bytes} of {_maxBytes} bytes are full");
                return false;
            }
        }

        return true;
    }

    private bool TryRoll()
    {
        try
        {
            var header = new SegmentHeader(BootId.Current, _numbers).ToBytes();
            var (path, file) = _folder.Create(_nextId, header);
            _active = new JournalSegment(_nextId, path, file, header.Length, _places.Length);
            _segments.Add(_active);
            _nextId++;
            _folderChanged = true;
            Interlocked.Add(ref _bytes, header.Length);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Refuse(e.Message);
            return false;
        }
    }

    private void Refuse(string fault)
    {
        if (_refusing)
            return;
        _refusing = true;
        TrackerLog.JournalRefuses(_log, fault);
    }

    private JournalSegment? OldestDone() =>
        _pins == 0 && _segments.Count > 0 && _segments[0] != _active && IsDone(_segments[0]) ? _segments[0] : null;

    private bool IsDone(JournalSegment segment)
    {
        for (var i = 0; i < _places.Length; i++)
        {
            if (segment.Ends[i] > 0 && _places[i].Cursor < new JournalPosition(segment.Id, segment.Ends[i]))
                return false;
        }

        return true;
    }

    private bool IsConfirmed(JournalSegment segment, Action<int> ask)
    {
        var confirmed = true;
        for (var i = 0; i < _places.Length; i++)
        {
            if (segment.Ends[i] > 0 && (_places[i].ConfirmedAt == 0 || _time.GetElapsedTime(segment.DoneAt, _places[i].ConfirmedAt) < _keep))
            {
                ask(i);
                confirmed = false;
            }
        }

        return confirmed;
    }

    private void Remove(JournalSegment segment)
    {
        _segments.Remove(segment);
        Interlocked.Add(ref _bytes, -segment.Length);
        segment.Dispose();
        try
        {
            File.Delete(segment.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TrackerLog.JournalRefuses(_log, e.Message);
        }
    }

    /// <summary>Where a shard stands: the end of its last entry, how far Redis has it, and since when that is known.</summary>
    private struct ShardPlace
    {
        public JournalPosition End;
        public JournalPosition Cursor;
        public long ConfirmedAt;
    }
}
