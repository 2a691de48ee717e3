using Delivery.Tracker.Telemetry;

namespace Delivery.Tracker.Journaling;

/// <summary>Reads one shard's entries back, in order, under the names they are published with. One thread at a time.</summary>
internal sealed class JournalReader(EventJournal journal, int shard, ILogger log)
{
    private readonly SegmentScanner _scanner = new();
    private JournalSegment? _segment;
    private long _from;

    /// <summary>Where the next entry begins, or a place before it with nothing of this shard between.</summary>
    public JournalPosition Position => _segment is null ? new JournalPosition(_from, 0) : new JournalPosition(_segment.Id, _scanner.At);

    public void Seek(JournalPosition position)
    {
        _from = position.Segment;
        _segment = journal.SegmentFrom(position.Segment);
        if (_segment is not null)
            _scanner.Open(_segment.File, _segment.Id == position.Segment ? Math.Max(position.Offset, _segment.HeaderBytes) : _segment.HeaderBytes);
    }

    /// <summary>
    /// The next entry that ends no later than <paramref name="limit"/>; <paramref name="body"/> is valid until the next call. What is
    /// damaged is left out, with the rest of its segment.
    /// </summary>
    public bool TryNext(JournalPosition limit, out JournalEntryHeader header, out ReadOnlySpan<byte> body)
    {
        while (_segment is { } segment && Position < limit)
        {
            if (TryScan(segment, out header, out body, out var damaged))
            {
                if (header.Shard != shard || header.Kind != JournalEntryKind.Events)
                    continue;
                var (producer, first) = Renumbering.Apply(journal.RenumberingsOf(shard), header.Producer, header.First);
                header = header with { Producer = producer, First = first };
                return true;
            }

            if (damaged)
                TrackerLog.SegmentDamaged(log, segment.Path, _scanner.At, segment.Length - _scanner.At);
            var next = journal.SegmentFrom(segment.Id + 1);
            if (next is null)
                break;
            _segment = next;
            _scanner.Open(next.File, next.HeaderBytes);
        }

        header = default;
        body = default;
        return false;
    }

    /// <summary>The entry that was just read is the next one again.</summary>
    public void StepBack(in JournalEntryHeader header) => _scanner.StepBack(header);

    /// <summary>Gives its buffer back until it is needed again.</summary>
    public void Release() => _scanner.Release();

    /// <summary>False too where the segment was removed: then Redis has all that it held.</summary>
    private bool TryScan(JournalSegment segment, out JournalEntryHeader header, out ReadOnlySpan<byte> body, out bool damaged)
    {
        try
        {
            return _scanner.TryNext(segment.Length, out header, out body, out damaged);
        }
        catch (ObjectDisposedException)
        {
            header = default;
            body = default;
            damaged = false;
            return false;
        }
    }
}
