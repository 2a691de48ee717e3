namespace Delivery.Tracker.Publishing;

/// <summary>
/// Acknowledged entries of the last seconds, oldest first: what is sent again when Redis comes back with an older state.
/// They age by acknowledgements alone, so that an outage of any length keeps what was acknowledged just before it. One thread at a time.
/// </summary>
internal sealed class KeptEntries(TrackerOptions options, TimeProvider time, EntryQueue queue)
{
    private readonly LinkedList<PackedEntry> _entries = new();
    private long _bytes;

    /// <summary>The newest one.</summary>
    public PackedEntry? Last => _entries.Last?.Value;

    public void Add(PackedEntry entry)
    {
        entry.AcknowledgedAt = time.GetTimestamp();
        _entries.AddLast(entry);
        _bytes += entry.Bytes;
        while (_entries.First is { } oldest
            && (_bytes > options.KeptBytes || time.GetElapsedTime(oldest.Value.AcknowledgedAt, entry.AcknowledgedAt) > options.KeepAcknowledged))
        {
            _entries.RemoveFirst();
            _bytes -= oldest.Value.Bytes;
            queue.Recycle(oldest.Value);
        }
    }

    /// <summary>The oldest entry that lies wholly beyond <paramref name="mark"/>, or null.</summary>
    public PackedEntry? After(ulong mark)
    {
        PackedEntry? oldest = null;
        for (var node = _entries.Last; node is not null && node.Value.First > mark; node = node.Previous)
            oldest = node.Value;
        return oldest;
    }

    public void Clear()
    {
        _entries.Clear();
        _bytes = 0;
    }
}
