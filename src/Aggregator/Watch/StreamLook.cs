using System.Globalization;
using Delivery.Aggregator.Streams;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Aggregator.Watch;

/// <summary>Asks Redis how the streams stand. One call at a time.</summary>
internal sealed class StreamLook(IDatabaseAsync redis, RedisOptions options, TimeSpan timeout, TimeProvider time)
{
    /// <summary>KEYS: entries, dead letters, replays, cursor. Entries, id of the oldest, letters, replays, letters lost, last commit in milliseconds.</summary>
    private const string Script = """
        local head = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)
        local cursor = redis.call('HMGET', KEYS[4], 'letters_lost', 'committed_ms')
        return {redis.call('XLEN', KEYS[1]), head[1] and head[1][1] or '', redis.call('XLEN', KEYS[2]), redis.call('XLEN', KEYS[3]),
            cursor[1] or '0', cursor[2] or ''}
        """;

    private readonly Growth _growth = new();
    private readonly long _began = time.GetTimestamp();

    /// <exception cref="RedisException">Redis did not answer; also <see cref="TimeoutException"/>.</exception>
    public async Task<IReadOnlyList<ShardReading>> ShardsAsync()
    {
        var shards = new ShardReading[options.Shards];
        for (var shard = 0; shard < shards.Length; shard++)
        {
            var names = new StreamNames(options, shard);
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(Script, [names.Entries, names.Dead, names.Replay, names.Key("cursor")])
                .WaitAsync(timeout).ConfigureAwait(false))!;
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var oldest = (string)reply[1]!;
            var committed = (string)reply[5]!;
            shards[shard] = new ShardReading(
                shard,
                (long)reply[0],
                oldest.Length == 0 ? 0 : Seconds(now - (long)StreamId.Milliseconds(oldest)),
                committed.Length == 0 ? null : Seconds(now - long.Parse(committed, CultureInfo.InvariantCulture)),
                (long)reply[2],
                long.Parse((string)reply[4]!, CultureInfo.InvariantCulture),
                (long)reply[3]);
        }

        return shards;
    }

    /// <inheritdoc cref="ShardsAsync"/>
    public async Task<RedisReading> RedisAsync()
    {
        var text = (string)(await redis.ExecuteAsync("INFO", "memory").WaitAsync(timeout).ConfigureAwait(false))!;
        var (used, max) = (Number(text, "used_memory:"), Number(text, "maxmemory:"));
        var growth = _growth.Take(time.GetElapsedTime(_began), used);
        double? left = max > 0 && growth > 0 ? Math.Max(0, max - used) / growth : null;
        return new RedisReading(used, max, Line(text, "maxmemory_policy:"), growth is { } g ? Math.Round(g) : null, left is { } l ? Math.Round(l) : null);
    }

    private static double Seconds(long milliseconds) => Math.Max(0, milliseconds) / 1000.0;

    private static long Number(string text, string name) =>
        long.TryParse(Line(text, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string Line(string text, string name)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
                return line[name.Length..].Trim().ToString();
        }

        return "";
    }
}
