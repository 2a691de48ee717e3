using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Aggregator.Streams;

/// <summary>What a shard's owner leaves in Redis for whoever reads events by their numbers.</summary>
internal static class FeedKeys
{
    /// <summary>Hash: producer → the number up to which all of its events are in ClickHouse.</summary>
    public static RedisKey Committed(StreamNames names) => names.Key("committed");

    /// <summary>Stream of spans below that mark whose events came later: fields <c>p</c> producer, <c>f</c> first number, <c>l</c> last. The newest 100,000 are kept.</summary>
    public static RedisKey Late(StreamNames names) => names.Key("late");
}
