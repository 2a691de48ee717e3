using System.Buffers.Binary;
using System.Globalization;
using Delivery.Aggregator.Erasure;
using Delivery.Aggregator.Streams;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Rollups;

/// <summary>
/// What goes into ClickHouse together: stream entries validated and copied into rows, without an object for any event.
/// What cannot be read is set aside as a dead letter and hurts nothing beside it. Reused after <see cref="Clear"/>; one owner.
/// </summary>
internal sealed class EventBatch(int shard, ErasedPeople? erased = null)
{
    private readonly HashSet<ulong> _jobs = [];
    private readonly ProducerMarks _highest = new();
    private ulong _lastJob;
    private (ulong Milliseconds, ulong Sequence) _last;

    /// <summary>Number of the fence under which what is added is to be inserted; outlives <see cref="Clear"/>.</summary>
    public ulong Fence { get; set; }

    /// <summary>Rows of the fence, <see cref="EventRow.PrefixColumns"/> and <see cref="EventRow.BodyColumns"/>.</summary>
    public RowBlock Events { get; } = new(1024 * 1024);

    public RowBlock Recipients { get; } = new();

    public RowBlock Jobs { get; } = new();

    public RowBlock Links { get; } = new();

    public RowBlock Mails { get; } = new();

    /// <summary>Rows of table <c>numbers_aside</c>: the numbers of records that do not become events.</summary>
    public RowBlock Aside { get; } = new();

    public List<DeadLetter> DeadLetters { get; } = [];

    /// <summary>Ids of the jobs that have events here.</summary>
    public IReadOnlyCollection<ulong> JobIds => _jobs;

    /// <summary>The highest number of each producer whose records are here.</summary>
    public IReadOnlyCollection<KeyValuePair<ulong, ulong>> Highest => _highest.All;

    /// <summary>Entries added.</summary>
    public int Entries { get; private set; }

    public string First { get; private set; } = "";

    public string Last => StreamId.Text(_last.Milliseconds, _last.Sequence);

    /// <summary>An event's number is not above its producer's mark: it may be in ClickHouse, or here, already.</summary>
    public bool IsSuspect { get; private set; }

    public void Clear()
    {
        Events.Clear();
        Recipients.Clear();
        Jobs.Clear();
        Links.Clear();
        Mails.Clear();
        Aside.Clear();
        DeadLetters.Clear();
        _jobs.Clear();
        _highest.Clear();
        _lastJob = 0;
        Entries = 0;
        IsSuspect = false;
    }

    public void Add(in StreamEntry entry, ProducerMarks marks)
    {
        if (Entries++ == 0)
            First = entry.Id;
        _last = (entry.Milliseconds, entry.Sequence);
        if (entry.Fault is { } header)
        {
            var count = header.Count.Length == 0 ? "?" : header.Count;
            DeadLetters.Add(new DeadLetter(entry.Id, header.Reason, header.Producer, header.First, count, entry.Records.ToArray()));
        }
        else if (EntryReader.TryOpen(entry.Records.Span, entry.Count, out var reader, out var fault))
        {
            AddRecords(entry, ref reader, marks);
            _highest.TryAdvance(entry.Producer, entry.FirstNumber + (ulong)entry.Count - 1);
        }
        else
        {
            AddAside(entry.Producer, entry.FirstNumber, entry.FirstNumber + (ulong)entry.Count - 1, NumberAside.Dead);
            _highest.TryAdvance(entry.Producer, entry.FirstNumber + (ulong)entry.Count - 1);
            DeadLetters.Add(new DeadLetter(
                entry.Id, fault!, Text(entry.Producer), Text(entry.FirstNumber), Text((ulong)entry.Count), entry.Records.ToArray()));
        }
    }

    private void AddRecords(in StreamEntry entry, ref EntryReader reader, ProducerMarks marks)
    {
        Span<byte> prefix = stackalloc byte[EventRowView.PrefixBytes];
        var run = (First: 0UL, What: NumberAside.None);
        for (var number = entry.FirstNumber; ; number++)
        {
            var ended = !reader.TryNext();
            var what = ended ? NumberAside.None
                : reader.Fault is not null ? NumberAside.Dead
                : DimensionKind.IsDimension(reader.Kind) ? NumberAside.Dimension
                : NumberAside.None;
            if (what != run.What)
            {
                if (run.What != NumberAside.None)
                    AddAside(entry.Producer, run.First, number - 1, run.What);
                run = (number, what);
            }

            if (ended)
                return;
            if (reader.Fault is { } fault)
                DeadLetters.Add(new DeadLetter(entry.Id, fault, Text(entry.Producer), Text(number), "", reader.Raw.ToArray()));
            else if (reader.Kind == DimensionKind.Job)
                Jobs.Add(reader.Body);
            else if (reader.Kind == DimensionKind.Link)
                Links.Add(reader.Body);
            else if (reader.Kind == DimensionKind.Mail)
                Mails.Add(reader.Body);
            else
                AddEvent(prefix, entry.Producer, number, ref reader, marks);
        }
    }

    private void AddEvent(scoped Span<byte> prefix, ulong producer, ulong number, ref EntryReader reader, ProducerMarks marks)
    {
        EventRowView.WritePrefix(prefix, Fence, producer, shard, number);
        var isErased = erased is { IsEmpty: false } && ErasedRow.Subject(reader.Body) is var (of, who) && erased.Contains(of, who);
        Events.Add(prefix, isErased ? ErasedRow.Event(reader.Body) : reader.Body);
        if (!reader.Recipient.IsEmpty)
            Recipients.Add(reader.Body.Slice(EventRowView.SubjectOffset, EventRowView.SubjectBytes), isErased ? ErasedRow.Recipient(reader.Recipient) : reader.Recipient);
        IsSuspect |= !marks.TryAdvance(producer, number);
        var job = new EventRowView(Events[Events.Count - 1]).Job;
        if (job == _lastJob && _jobs.Count > 0)
            return;
        _lastJob = job;
        _jobs.Add(job);
    }

    private void AddAside(ulong producer, ulong first, ulong last, NumberAside what)
    {
        Span<byte> row = stackalloc byte[2 + 8 + 8 + 8 + 1];
        BinaryPrimitives.WriteUInt16LittleEndian(row, (ushort)shard);
        BinaryPrimitives.WriteUInt64LittleEndian(row[2..], producer);
        BinaryPrimitives.WriteUInt64LittleEndian(row[10..], first);
        BinaryPrimitives.WriteUInt64LittleEndian(row[18..], last);
        row[26] = (byte)what;
        Aside.Add(row);
    }

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
