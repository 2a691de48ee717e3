using System.Globalization;
using Delivery.Aggregator.Streams;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Aggregator.Hindsight;

/// <summary>
/// Since when a shard's events may not have been looked at, in Redis: written before such events go into ClickHouse, so that whoever
/// owns the shard next looks at what the one before did not. Changes nothing once the lease is another's.
/// </summary>
internal sealed class HindsightMark(IDatabaseAsync redis, StreamNames names, AggregatorOptions options)
{
    private const string WriteScript = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        if ARGV[2] == '' then redis.call('DEL', KEYS[2]) else redis.call('SET', KEYS[2], ARGV[2]) end
        return 1
        """;

    private const string DropScript = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('LREM', KEYS[2], 1, ARGV[2])
        return 1
        """;

    private readonly RedisKey _lease = names.Key("lease");
    private readonly RedisKey _since = names.Key("hindsight");
    private readonly RedisKey _orders = names.Key("reclassify");
    private string? _written;

    /// <summary>Milliseconds since 1970-01-01 UTC, or null where everything was looked at.</summary>
    public async Task<long?> ReadAsync()
    {
        var value = await redis.StringGetAsync(_since).WaitAsync(options.RedisTimeout).ConfigureAwait(false);
        _written = value.IsNull ? "" : (string)value!;
        return value.IsNull ? null : (long)value;
    }

    /// <summary>Asks Redis nothing where it stands there already.</summary>
    /// <exception cref="LeaseLostException">Nothing was written.</exception>
    public async Task WriteAsync(ShardLease lease, long? sinceMs)
    {
        var text = sinceMs?.ToString(CultureInfo.InvariantCulture) ?? "";
        if (text == _written)
            return;
        _written = null;
        if ((int)await redis.ScriptEvaluateAsync(WriteScript, [_lease, _since], [lease.Stamp, text]).WaitAsync(options.RedisTimeout).ConfigureAwait(false) != 1)
            throw new LeaseLostException("The lease ended before hindsight was marked.");
        _written = text;
    }

    /// <summary>The oldest order of an operator that is not done, or null.</summary>
    public async Task<string?> NextOrderAsync() =>
        await redis.ListGetByIndexAsync(_orders, 0).WaitAsync(options.RedisTimeout).ConfigureAwait(false);

    /// <summary>An order is done.</summary>
    public async Task DropAsync(ShardLease lease, string order)
    {
        if ((int)await redis.ScriptEvaluateAsync(DropScript, [_lease, _orders], [lease.Stamp, order]).WaitAsync(options.RedisTimeout).ConfigureAwait(false) != 1)
            throw new LeaseLostException("The lease ended before an order was done.");
    }

    /// <summary>Adds an order for the shard's owner, from whatever program.</summary>
    public static Task OrderAsync(IDatabaseAsync redis, StreamNames names, ReclassifyOrder order) =>
        redis.ListRightPushAsync(names.Key("reclassify"), order.ToString());
}
