namespace Delivery.Aggregator.Watch;

/// <summary>How the streams stood at one moment.</summary>
/// <param name="Alarms">What somebody should look at, in words.</param>
internal sealed record StreamsReading(DateTimeOffset At, RedisReading Redis, IReadOnlyList<ShardReading> Shards, IReadOnlyList<string> Alarms);
