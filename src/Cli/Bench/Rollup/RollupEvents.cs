using System.Buffers.Binary;
using System.Net;
using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Cli.Bench.Rollup;

/// <summary>Events as the Mta and a tracker make them, of several jobs: a third each of deliveries, opens and clicks. The same for the same numbers.</summary>
internal sealed class RollupEvents(long count, int packed, long nowMs)
{
    public const ulong Producer = 4_711;
    private const ulong FirstJob = 382_805_526_594_977_792;
    private const int JobEvents = 150_000;
    private const int Kinds = 3;
    private const int Links = 12;
    private const int ParallelCalls = 64;
    private const long SpreadMs = 2 * 60 * 60 * 1000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly IPAddress[] Readers = [.. Enumerable.Range(0, 200).Select(i => IPAddress.Parse($"10.1.{i}.7"))];
    private static readonly string[] Agents =
    [
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
    ];

    public long Clicks => count / Kinds;

    /// <summary>Puts all of them into the stream, as a producer does.</summary>
    public async Task FillAsync(IDatabase redis, StreamNames names, Action<long> done, CancellationToken stop)
    {
        var calls = new Queue<Task<PublishResult>>(ParallelCalls);
        var writer = new EntryWriter();
        for (var first = 0L; first < count; first += packed)
        {
            stop.ThrowIfCancellationRequested();
            Pack(writer, first);
            // Calls go out in order on one connection, so that each finds the mark that it follows on.
            calls.Enqueue(PublishScript.PublishAsync(redis, names, Producer, (ulong)first + 1, writer.Count, writer.Written, Deadline));
            if (calls.Count == ParallelCalls || first == 0)
                await TakenAsync(calls.Dequeue());
            done(first);
        }

        while (calls.TryDequeue(out var call))
            await TakenAsync(call);
    }

    /// <summary>The same events as rows of RowBinary, from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    /// <param name="producer">Another than of the events that the table holds.</param>
    public byte[] Rows(long first, long end, ulong producer)
    {
        var rows = new MemoryStream((int)(end - first) * 200);
        Span<byte> prefix = stackalloc byte[8 + 2 + 8];
        var writer = new EntryWriter();
        var number = (ulong)first;
        for (var i = first; i < end; i += packed)
        {
            Pack(writer, i, end);
            if (!EntryReader.TryOpen(writer.Written.Span, writer.Count, out var reader, out var fault))
                throw new InvalidDataException(fault);
            while (reader.TryNext())
            {
                BinaryPrimitives.WriteUInt64LittleEndian(prefix, producer);
                BinaryPrimitives.WriteUInt16LittleEndian(prefix[8..], 0);
                BinaryPrimitives.WriteUInt64LittleEndian(prefix[10..], ++number);
                rows.Write(prefix);
                rows.Write(reader.Body);
            }
        }

        return rows.ToArray();
    }

    private static async Task TakenAsync(Task<PublishResult> call)
    {
        if ((await call).Status != PublishStatus.Appended)
            throw new LaunchException("Redis did not take the events in their order", ExitCodes.Failure);
    }

    private void Pack(EntryWriter writer, long first, long end = long.MaxValue)
    {
        writer.Clear();
        for (var i = first; i < Math.Min(first + packed, Math.Min(count, end)); i++)
            writer.Add(Event(i));
    }

    private DeliveryEvent Event(long index)
    {
        var kind = (index % Kinds) switch { 0 => EventKind.Delivered, 1 => EventKind.Opened, _ => EventKind.Clicked };
        var link = kind == EventKind.Clicked ? (ushort)(1 + index / Kinds % Links) : (ushort)0;
        var delivered = kind == EventKind.Delivered;
        return new DeliveryEvent
        {
            Kind = kind,
            TimeMs = nowMs - SpreadMs + index * SpreadMs / count,
            Account = 1,
            Job = FirstJob + (ulong)(index / JobEvents),
            Recipient = (uint)(index % JobEvents / Kinds),
            Link = link,
            Position = link,
            Attempt = delivered ? (ushort)1 : (ushort)0,
            SmtpCode = delivered ? (ushort)250 : (ushort)0,
            EnhancedStatus = delivered ? "2.0.0" : null,
            Mx = delivered ? "relay.example" : null,
            Reply = delivered ? "250 2.0.0 Ok" : null,
            Url = link > 0 ? $"https://shop.example/spring/{link}?from=mail" : null,
            UserAgent = delivered ? null : Agents[index / Kinds % Agents.Length],
            Ip = delivered ? null : Readers[index % Readers.Length],
        };
    }
}
