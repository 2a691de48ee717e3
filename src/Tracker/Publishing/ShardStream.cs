using System.Globalization;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Suppressions;
using Delivery.Tracker.Journaling;
using StackExchange.Redis;

namespace Delivery.Tracker.Publishing;

/// <summary>One shard's stream in Redis: publishes entries with the suppressions that belong to them, and reads the marks.</summary>
internal sealed class ShardStream(StreamNames names, RedisConnection redis, SuppressionKeys suppressions, TimeSpan timeout)
{
    public Task Connected => redis.Connected;

    /// <summary>Done when the suppressions and the entry are in Redis. Repeating it is harmless.</summary>
    /// <exception cref="Exception">Redis did not take all of it, or did not answer in time.</exception>
    public async Task<PublishResult> PublishAsync(
        ulong producer, ulong first, int count, ReadOnlyMemory<byte> records, List<Suppression> also, bool leap)
    {
        var database = Database();
        foreach (var one in also)
            await one.ApplyAsync(database, suppressions, timeout);
        return await PublishScript.PublishAsync(database, names, producer, first, count, records, timeout, leap);
    }

    /// <summary>Per producer the highest of its numbers that is in the stream, 0 where none is.</summary>
    /// <exception cref="Exception">Redis did not answer in time.</exception>
    public async Task<IReadOnlyDictionary<ulong, ulong>> MarksAsync(IReadOnlyList<ulong> producers)
    {
        var fields = new RedisValue[producers.Count];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = producers[i].ToString(CultureInfo.InvariantCulture);
        var values = await Database().HashGetAsync(names.Marks, fields).WaitAsync(timeout);
        var marks = new Dictionary<ulong, ulong>(fields.Length);
        for (var i = 0; i < fields.Length; i++)
            marks[producers[i]] = values[i].IsNull ? 0 : ulong.Parse((string)values[i]!, CultureInfo.InvariantCulture);
        return marks;
    }

    private IDatabase Database() => redis.TryGet(out var database) ? database : throw new TimeoutException("not connected yet");
}
