using System.Buffers;
using Delivery.Tracker.Journaling;

namespace Delivery.Tracker.Publishing;

/// <summary>Entries of the journal that follow on one another, as one entry for the stream. A mark may lie at the end of any of them.</summary>
internal sealed class ReplayBatch(TrackerOptions options)
{
    private readonly ArrayBufferWriter<byte> _records = new(options.EntryBytes);

    public ReadOnlyMemory<byte> Records => _records.WrittenMemory;

    public List<Suppression> Suppressions { get; } = [];

    public ulong Producer { get; private set; }

    public ulong First { get; private set; }

    public int Count { get; private set; }

    public ulong Last => First + (ulong)Count - 1;

    /// <summary>Where the last of them ends in the journal.</summary>
    public JournalPosition End { get; private set; }

    /// <summary>Takes what comes next, up to the bounds of an entry. False where nothing comes before <paramref name="limit"/>.</summary>
    public bool TryFill(JournalReader reader, JournalPosition limit)
    {
        _records.ResetWrittenCount();
        Suppressions.Clear();
        Count = 0;
        while (reader.TryNext(limit, out var header, out var body))
        {
            var records = body[(header.Suppressions * Suppression.Size)..];
            if (Count > 0 && !Follows(header, records))
            {
                reader.StepBack(header);
                break;
            }

            if (Count == 0)
                (Producer, First) = (header.Producer, header.First);
            for (var i = 0; i < header.Suppressions; i++)
                Suppressions.Add(Suppression.Read(body[(i * Suppression.Size)..]));
            _records.Write(Count == 0 ? records : records[1..]);
            Count += header.Count;
            End = reader.Position;
        }

        return Count > 0;
    }

    private bool Follows(in JournalEntryHeader header, ReadOnlySpan<byte> records) =>
        header.Producer == Producer
        && header.First == Last + 1
        && records[0] == _records.WrittenSpan[0]
        && Count + header.Count <= options.EntryRecords
        && _records.WrittenCount + records.Length <= options.EntryBytes;
}
