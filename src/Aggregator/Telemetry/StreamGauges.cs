using System.Diagnostics.Metrics;
using Delivery.Aggregator.Watch;

namespace Delivery.Aggregator.Telemetry;

/// <summary>What the last look at the streams saw; the same meter as <see cref="AggregatorMetrics"/>. Absent until there was one.</summary>
internal sealed class StreamGauges
{
    private readonly StreamWatch _watch;

    public StreamGauges(IMeterFactory meters, StreamWatch watch)
    {
        _watch = watch;
        var meter = meters.Create(AggregatorMetrics.MeterName);
        ByShard(meter, "backlog", "{entry}", "Entries of the stream that are not in ClickHouse yet.", shard => shard.Entries);
        ByShard(meter, "backlog.age", "s", "Age of the oldest of them; 0 where there is none.", shard => shard.OldestSeconds);
        ByShard(meter, "dead_letters.kept", "{record}", "Dead letters that can be looked at and replayed.", shard => shard.DeadLetters);
        ByShard(meter, "dead_letters.lost", "{record}", "Dead letters thrown away since the beginning, since no more are kept.", shard => shard.DeadLettersLost);
        ByShard(meter, "replays", "{record}", "Dead letters that wait to be tried again.", shard => shard.Replays);
        OfRedis(meter, "redis.used", "By", "Memory that Redis uses.", redis => redis.UsedBytes);
        OfRedis(meter, "redis.max", "By", "Its maxmemory, 0 for none: beyond it, events wait in trackers and Mtas.", redis => redis.MaxBytes);
        OfRedis(meter, "redis.time_to_bound", "s", "Until it is full at the growth of the last five minutes; absent where it does not grow.", redis => redis.SecondsToBound);
    }

    private void ByShard(Meter meter, string name, string unit, string description, Func<ShardReading, double> value) =>
        meter.CreateObservableGauge(
            "delivery.aggregator." + name,
            () => (_watch.Last?.Shards ?? []).Select(shard => new Measurement<double>(value(shard), new KeyValuePair<string, object?>("shard", shard.Shard))),
            unit,
            description);

    private void OfRedis(Meter meter, string name, string unit, string description, Func<RedisReading, double?> value) =>
        meter.CreateObservableGauge(
            "delivery.aggregator." + name,
            () => _watch.Last is { } last && value(last.Redis) is { } number ? [new Measurement<double>(number)] : Array.Empty<Measurement<double>>(),
            unit,
            description);
}
