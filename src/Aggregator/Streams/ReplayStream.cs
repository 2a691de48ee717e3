using System.Buffers.Binary;
using System.Text;
using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Aggregator.Streams;

/// <summary>Reads what is to be tried again. The first group is the same for as long as it is not committed.</summary>
internal sealed class ReplayStream(IDatabaseAsync redis, StreamNames names, TimeSpan timeout)
{
    /// <summary>Letters of one group at most.</summary>
    public const int GroupLetters = 200;

    public const string GroupField = "group";
    private static readonly byte[] Unsaid = "?"u8.ToArray();

    /// <summary>The group that was asked for first; null where none waits.</summary>
    public async Task<Replay?> FirstAsync()
    {
        var reply = await redis.ExecuteAsync("XRANGE", names.Replay, "-", "+", "COUNT", GroupLetters).WaitAsync(timeout).ConfigureAwait(false);
        string? group = null;
        var ids = new List<string>();
        var entries = new List<StreamEntry>();
        foreach (var item in (RedisResult[])reply!)
        {
            var pair = (RedisResult[])item!;
            var fields = Fields((RedisResult[])pair[1]!);
            var name = Encoding.UTF8.GetString(fields.GetValueOrDefault(GroupField, []));
            if ((group ??= name) != name)
                break;
            ids.Add((string)pair[0]!);
            entries.Add(Entry(fields));
        }

        return group is null ? null : new Replay(group, ids, entries);
    }

    private static StreamEntry Entry(Dictionary<string, byte[]> fields)
    {
        var header = default(EntryHeader);
        var raw = fields.GetValueOrDefault("raw", []);
        var count = fields.GetValueOrDefault("count", Unsaid);
        header.Take("p"u8, fields.GetValueOrDefault("producer", []));
        header.Take("n"u8, fields.GetValueOrDefault("number", []));
        header.Take("c"u8, count.Length == 0 ? "1"u8.ToArray() : count.AsSpan().SequenceEqual(Unsaid) ? [] : count);
        header.Take("e"u8, count.Length == 0 ? Wrapped(raw) : raw);
        var (milliseconds, sequence) = fields.TryGetValue("entry", out var id) ? StreamId.Parse(id) : default;
        return header.ToEntry(milliseconds, sequence);
    }

    /// <summary>One record as an entry of its own.</summary>
    private static byte[] Wrapped(byte[] record)
    {
        var entry = new byte[1 + 4 + record.Length];
        entry[0] = EntryWriter.Version;
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(1), record.Length);
        record.CopyTo(entry, 5);
        return entry;
    }

    private static Dictionary<string, byte[]> Fields(RedisResult[] pairs)
    {
        var fields = new Dictionary<string, byte[]>(pairs.Length / 2);
        for (var i = 0; i + 1 < pairs.Length; i += 2)
            fields[(string)pairs[i]!] = (byte[])pairs[i + 1]!;
        return fields;
    }
}
