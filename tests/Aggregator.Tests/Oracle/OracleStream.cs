using System.Buffers.Binary;
using System.Globalization;
using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Aggregator.Tests.Oracle;

/// <summary>
/// A producer on one shard: numbers and packs events, writes down what is true, and lets entries reach the stream in every way that a
/// network, a journal and a Redis that forgets can bring about. One call at a time.
/// </summary>
internal sealed class OracleStream(IDatabase redis, StreamNames names, ulong producer, OracleLedger ledger, Random random)
{
    private const int Kept = 100;
    private const int MostHeld = 5;
    private const byte UnknownKind = 99;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private readonly EntryWriter _writer = new();
    private readonly Queue<OracleEntry> _sent = [];
    private readonly List<OracleEntry> _held = [];
    private List<OracleEntry>? _since;
    private ulong _next = 1;
    private ulong _checkpoint;

    public int Shard => names.Shard;

    /// <summary>Numbers that must be dead letters of this shard, as producer and number; an entry without a producer is not among them.</summary>
    public HashSet<string> Dead { get; } = [];

    public int Again { get; private set; }

    public int OutOfOrder { get; private set; }

    /// <summary>Publishes the rows of a job.</summary>
    public Task PublishAsync(OracleJob job)
    {
        ledger.Add(job);
        _writer.Clear();
        if (job.About is { } about)
            _writer.AddJob(about);
        foreach (var link in job.Links)
            _writer.AddLink(link);
        return SendAsync(Take());
    }

    /// <summary>Publishes events as one entry.</summary>
    /// <param name="rough">Now is when things go wrong.</param>
    public async Task PublishAsync(List<(OracleJob Job, DeliveryEvent Event)> events, bool rough)
    {
        var entry = Pack(events);
        var fate = rough ? random.Next(100) : 100;
        var poison = fate < 4;
        if (poison)
            entry = Spoil(entry, events, fate);
        else
            Enter(entry, events, except: -1);
        switch (fate)
        {
            case >= 4 and < 16 when _held.Count < MostHeld:
                // Redis says that it has it, and it turns up later, behind others.
                await redis.HashSetAsync(names.Marks, Text(producer), Text(entry.Last));
                _held.Add(entry);
                break;
            default:
                await SendAsync(entry);
                break;
        }

        if (poison)
            return;
        if (fate is >= 16 and < 24)
            await RepeatAsync(entry);
        if (fate is >= 24 and < 34)
            await ForceAsync(entry);
        if (fate is >= 34 and < 40 && _sent.Count > 0)
            await ForceAsync(_sent.ElementAt(random.Next(_sent.Count)));
        if (fate is >= 40 and < 60 && _held.Count > 0)
            await ReleaseAsync(random.Next(_held.Count));
        _sent.Enqueue(entry);
        if (_sent.Count > Kept)
            _sent.Dequeue();
    }

    /// <summary>Where <see cref="GoBackAsync"/> goes back to.</summary>
    public void Remember()
    {
        _checkpoint = _next - 1;
        _since = [];
    }

    public void Forget() => _since = null;

    /// <summary>A Redis that lost what came since: the producer sees the older mark and sends all of it again, which gets new ids.</summary>
    public async Task GoBackAsync()
    {
        await redis.HashSetAsync(names.Marks, Text(producer), Text(_checkpoint));
        await redis.KeyDeleteAsync(names.Key("cursor"));
        foreach (var entry in _since!)
            Assert.Equal(PublishStatus.Appended, await PublishAsync(entry));
        Again += _since.Count;
        _held.RemoveAll(_since.Contains);
    }

    /// <summary>Lets everything that was held back arrive.</summary>
    public async Task FlushAsync()
    {
        while (_held.Count > 0)
            await ReleaseAsync(random.Next(_held.Count));
    }

    private OracleEntry Pack(List<(OracleJob Job, DeliveryEvent Event)> events)
    {
        _writer.Clear();
        foreach (var (job, e) in events)
        {
            if (e.Kind == EventKind.Accepted)
                _writer.AddAccepted(e, OracleWorld.Recipient(job, e.Recipient));
            else
                _writer.Add(e);
        }

        return Take();
    }

    private OracleEntry Take()
    {
        var entry = new OracleEntry(_next, _writer.Count, _writer.Written.ToArray());
        _next += (ulong)entry.Count;
        _since?.Add(entry);
        return entry;
    }

    private void Enter(OracleEntry entry, List<(OracleJob Job, DeliveryEvent Event)> events, int except)
    {
        for (var i = 0; i < events.Count; i++)
        {
            if (i != except)
                ledger.Add(Shard, producer, entry.First + (ulong)i, events[i].Job, events[i].Event);
        }
    }

    /// <summary>One record of a kind that nobody knows, or of a time before all time; or an entry that is torn, or of another version.</summary>
    private OracleEntry Spoil(OracleEntry entry, List<(OracleJob Job, DeliveryEvent Event)> events, int how)
    {
        var bytes = entry.Bytes;
        if (how < 2)
        {
            var victim = random.Next(entry.Count);
            var at = 1;
            for (var i = 0; i < victim; i++)
                at += 4 + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            if (how == 0)
                bytes[at + 4] = UnknownKind;
            else
                bytes.AsSpan(at + 5, 8).Clear();
            Enter(entry, events, except: victim);
            Dead.Add($"{producer} {entry.First + (ulong)victim}");
            return entry;
        }

        var spoiled = entry with { Bytes = how == 2 ? bytes[..^3] : bytes };
        if (how == 3)
            spoiled.Bytes[0] = UnknownKind;
        if (_since is not null)
            _since[^1] = spoiled;
        Dead.Add($"{producer} {entry.First}");
        return spoiled;
    }

    private async Task SendAsync(OracleEntry entry) => Assert.Equal(PublishStatus.Appended, await PublishAsync(entry));

    private async Task RepeatAsync(OracleEntry entry) => Assert.Equal(PublishStatus.Duplicate, await PublishAsync(entry));

    private async Task<PublishStatus> PublishAsync(OracleEntry entry) =>
        (await PublishScript.PublishAsync(redis, names, producer, entry.First, entry.Count, entry.Bytes, Deadline)).Status;

    private async Task ReleaseAsync(int which)
    {
        await ForceAsync(_held[which]);
        _held.RemoveAt(which);
        Again--;
        OutOfOrder++;
    }

    /// <summary>Past the script, as a Redis without its marks would take it.</summary>
    private async Task ForceAsync(OracleEntry entry)
    {
        Again++;
        await redis.ExecuteAsync("XADD", names.Entries, "*", "p", Text(producer), "n", Text(entry.First), "c", entry.Count, "e", entry.Bytes);
    }

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
