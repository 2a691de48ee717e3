using Delivery.Tracker.Telemetry;

namespace Delivery.Tracker.Journaling;

/// <summary>
/// The segments of a journal, how far each shard has got into Redis, and so which segments may go: whole ones, oldest first, once Redis has
/// had all of them for a while and said so. Not thread-safe: guarded by its journal's lock.
/// </summary>
internal sealed class SegmentStore : IDisposable
{
    private readonly List<JournalSegment> _segments;
    private readonly ShardPlace[] _places;
    private readonly TimeSpan _keep;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private long _bytes;

    public SegmentStore(List<JournalSegment> segments, int shards, TimeSpan keep, TimeProvider time, ILogger log)
    {
        _segments = segments;
        _places = new ShardPlace[shards];
        _keep = keep;
        _time = time;
        _log = log;
        foreach (var segment in segments)
        {
            _bytes += segment.Length;
            for (var i = 0; i < shards; i++)
            {
                if (segment.Ends[i] > 0)
                    _places[i].End = new JournalPosition(segment.Id, segment.Ends[i]);
            }
        }
    }

    /// <summary>Bytes on disk. May be read by any thread.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The one that is written to, which stays; null where none can be written.</summary>
    public JournalSegment? Active { get; private set; }

    /// <summary>Readers from the beginning: nothing goes while there are any.</summary>
    public int Pins { get; set; }

    public void Add(JournalSegment segment)
    {
        _segments.Add(segment);
        Active = segment;
        Interlocked.Add(ref _bytes, segment.Length);
    }

    /// <summary>Nothing more is written to the active one.</summary>
    public void Retire() => Active = null;

    /// <summary>The active one has grown by an entry of this shard, or by one that is no shard's (-1). Returns where it ends.</summary>
    public JournalPosition Grown(int bytes, int shard)
    {
        var active = Active!;
        active.Length += bytes;
        Interlocked.Add(ref _bytes, bytes);
        var end = new JournalPosition(active.Id, active.Length);
        if (shard >= 0)
        {
            active.Ends[shard] = active.Length;
            _places[shard].End = end;
        }

        return end;
    }

    public JournalPosition EndOf(int shard) => _places[shard].End;

    /// <summary>The segment with this id or, where it is gone, the next one; null behind the last.</summary>
    public JournalSegment? From(long id)
    {
        foreach (var segment in _segments)
        {
            if (segment.Id >= id)
                return segment;
        }

        return null;
    }

    public int CountBelow(long id)
    {
        var count = 0;
        foreach (var segment in _segments)
            count += segment.Id < id ? 1 : 0;
        return count;
    }

    /// <summary>Those that hold something at or after <paramref name="from"/> that is not known to be on disk.</summary>
    public void Unsynced(JournalPosition from, List<JournalSegment> found)
    {
        foreach (var segment in _segments)
        {
            if (segment.Id >= from.Segment && segment.Synced < segment.Length)
                found.Add(segment);
        }
    }

    /// <summary>The oldest place that some shard has not yet got into Redis; the newest there is where all have.</summary>
    public JournalPosition OldestUnpublished()
    {
        var oldest = new JournalPosition(Active?.Id ?? long.MaxValue, 0);
        foreach (var place in _places)
        {
            if (place.Cursor < place.End && place.Cursor < oldest)
                oldest = place.Cursor;
        }

        return oldest;
    }

    /// <summary>Redis has all of the shard before <paramref name="cursor"/>, and said so just now.</summary>
    public void Confirm(int shard, JournalPosition cursor)
    {
        _places[shard].Cursor = cursor;
        _places[shard].ConfirmedAt = _time.GetTimestamp();
    }

    /// <summary>Redis has of the shard only what is before <paramref name="cursor"/>: what follows is kept as if it were new.</summary>
    public void GoBack(int shard, JournalPosition cursor)
    {
        _places[shard].Cursor = cursor;
        foreach (var segment in _segments)
        {
            if (segment.Id >= cursor.Segment)
                segment.DoneAt = 0;
        }
    }

    /// <summary>
    /// Removes what Redis has had for long enough. <paramref name="ask"/> is told each shard of which Redis should say once more that it has
    /// it before the next segment goes.
    /// </summary>
    public void Reclaim(Action<int> ask)
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

    /// <summary>Removes the oldest of what Redis has, however short; false where that frees nothing.</summary>
    public bool TryFree()
    {
        if (OldestDone() is { } segment)
            Remove(segment);
        else if (Active is { } active && active.Length > active.HeaderBytes && IsDone(active))
            Retire();
        else
            return false;
        return true;
    }

    public void Dispose()
    {
        foreach (var segment in _segments)
            segment.Dispose();
    }

    private JournalSegment? OldestDone() =>
        Pins == 0 && _segments.Count > 0 && _segments[0] != Active && IsDone(_segments[0]) ? _segments[0] : null;

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
            TrackerLog.SegmentStays(_log, segment.Path, e.Message);
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
