using System.Runtime.InteropServices;
using Delivery.Tracker.Telemetry;

namespace Delivery.Tracker.Journaling;

/// <summary>
/// What a folder of segments holds. A tail that is torn or garbled is cut; then, after a segment whose head cannot be read, and after the
/// machine itself went down, nobody knows which numbers were given last, so every shard goes on under a fresh name.
/// </summary>
internal sealed class JournalRecovery
{
    private readonly int _shards;
    private readonly List<Renumbering>[] _renumberings;
    private readonly ILogger _log;

    private JournalRecovery(int shards, ILogger log)
    {
        _shards = shards;
        _log = log;
        Numbers = new ShardNumbers[shards];
        Given = new Dictionary<ulong, ulong>[shards];
        Waiting = new long[shards];
        _renumberings = new List<Renumbering>[shards];
        for (var i = 0; i < shards; i++)
        {
            Given[i] = [];
            _renumberings[i] = [];
        }
    }

    public List<JournalSegment> Segments { get; } = [];

    /// <summary>How each shard goes on.</summary>
    public ShardNumbers[] Numbers { get; private set; }

    /// <summary>Per shard: producer → its last number that is in the journal.</summary>
    public Dictionary<ulong, ulong>[] Given { get; }

    /// <summary>Per shard the records in the journal; how many of them Redis lacks is not known yet.</summary>
    public long[] Waiting { get; }

    public long NextId { get; private set; } = 1;

    public Renumbering[] RenumberingsOf(int shard) => [.. _renumberings[shard]];

    /// <exception cref="InvalidDataException">The journal holds events of a shard that is no longer set.</exception>
    public static JournalRecovery Read(JournalFolder folder, int shards, ILogger log)
    {
        var recovery = new JournalRecovery(shards, log);
        var scanner = new SegmentScanner();
        var surprised = false;
        var closed = true;
        var boot = Guid.Empty;
        foreach (var (id, path) in folder.Segments())
        {
            recovery.NextId = id + 1;
            surprised |= !recovery.TryRead(id, path, scanner, out var header, out closed);
            boot = header?.Boot ?? boot;
        }

        scanner.Release();
        for (var i = 0; i < shards; i++)
        {
            if (recovery.Numbers[i].Producer == 0 || surprised || (!closed && boot != BootId.Current))
                recovery.Numbers[i] = ShardNumbers.Fresh();
        }

        return recovery;
    }

    /// <summary>False where something in it is not as it was written.</summary>
    private bool TryRead(long id, string path, SegmentScanner scanner, out SegmentHeader? header, out bool closed)
    {
        closed = false;
        var file = JournalFolder.Open(path);
        header = SegmentHeader.Read(file);
        if (header is null)
        {
            file.Dispose();
            File.Move(path, path + ".damaged", overwrite: true);
            TrackerLog.SegmentDamaged(_log, path, 0, 0);
            return false;
        }

        for (var i = 0; i < Math.Min(_shards, header.Numbers.Length); i++)
            Numbers[i] = header.Numbers[i];
        var segment = new JournalSegment(id, path, file, header.Size, _shards);
        scanner.Open(file, header.Size);
        var length = RandomAccess.GetLength(file);
        bool damaged;
        while (scanner.TryNext(length, out var entry, out var body, out damaged))
        {
            closed = entry.Kind == JournalEntryKind.Closed;
            if (entry.Shard >= _shards)
            {
                throw new InvalidDataException(
                    $"Tracker:Journal: {path} holds events of shard {entry.Shard}, but Redis:Shards is {_shards}: set it back, it is never lowered.");
            }

            Take(entry, body);
            if (entry.Kind == JournalEntryKind.Events)
                segment.Ends[entry.Shard] = scanner.At;
        }

        segment.Length = scanner.At;
        segment.Synced = scanner.At;
        Segments.Add(segment);
        if (damaged)
        {
            TrackerLog.SegmentDamaged(_log, path, scanner.At, length - scanner.At);
            RandomAccess.SetLength(file, scanner.At);
        }

        return !damaged;
    }

    private void Take(in JournalEntryHeader entry, ReadOnlySpan<byte> body)
    {
        if (entry.Kind == JournalEntryKind.Renumbering)
        {
            var renumbering = new Renumbering(entry.Producer, entry.First, BitConverter.ToUInt64(body));
            _renumberings[entry.Shard].Add(renumbering);
            Renumber(entry.Shard, renumbering);
        }
        else if (entry.Kind == JournalEntryKind.Events)
        {
            var (producer, first) = Renumbering.Apply(CollectionsMarshal.AsSpan(_renumberings[entry.Shard]), entry.Producer, entry.First);
            var last = first + (ulong)entry.Count - 1;
            Given[entry.Shard][producer] = last;
            Waiting[entry.Shard] += entry.Count;
            if (producer == Numbers[entry.Shard].Producer)
                Numbers[entry.Shard] = new ShardNumbers(producer, last + 1);
        }
    }

    private void Renumber(int shard, Renumbering renumbering)
    {
        if (Given[shard].TryGetValue(renumbering.Producer, out var last) && last >= renumbering.From)
        {
            Given[shard][renumbering.New] = last - renumbering.From + 1;
            Given[shard][renumbering.Producer] = renumbering.From - 1;
        }

        if (Numbers[shard].Producer == renumbering.Producer)
            Numbers[shard] = new ShardNumbers(renumbering.New, Numbers[shard].Next - renumbering.From + 1);
    }
}
