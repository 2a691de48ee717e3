using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using Delivery.Testing.Rows;
using StackExchange.Redis;

namespace Delivery.Tracker.Tests;

/// <summary>One event as it stands in a stream.</summary>
internal sealed record StreamEvent(int Shard, string Producer, ulong Number, string EntryId, EventRowValues Row)
{
    /// <summary>Everything in all streams; checks that each entry is sound.</summary>
    public static async Task<List<StreamEvent>> ReadAllAsync(IDatabase database, RedisOptions redis)
    {
        const int page = 200;
        var events = new List<StreamEvent>();
        for (var shard = 0; shard < redis.Shards; shard++)
        {
            for (var from = "-"; ;)
            {
                var entries = (RedisResult[])(await database.ExecuteAsync("XRANGE", [new StreamNames(redis, shard).Entries, from, "+", "COUNT", page]))!;
                foreach (var entry in entries)
                    Read(shard, (RedisResult[])entry!, events);
                if (entries.Length < page)
                    break;
                from = "(" + (string)((RedisResult[])entries[^1]!)[0]!;
            }
        }

        return events;
    }

    private static void Read(int shard, RedisResult[] entry, List<StreamEvent> events)
    {
        var fields = (RedisValue[])entry[1]!;
        Assert.Equal(["p", "n", "c", "e"], new[] { fields[0], fields[2], fields[4], fields[6] }.Select(f => (string)f!));
        var count = (int)fields[5];
        Assert.True(EntryReader.TryOpen((byte[])fields[7]!, count, out var reader, out var fault), fault);
        for (var number = ulong.Parse((string)fields[3]!); reader.TryNext(); number++)
        {
            Assert.Null(reader.Fault);
            events.Add(new StreamEvent(shard, (string)fields[1]!, number, (string)entry[0]!, RowDecoder.Event(reader.Body)));
        }
    }
}
