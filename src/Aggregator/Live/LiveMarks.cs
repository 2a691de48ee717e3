using System.Globalization;
using Delivery.Aggregator.Streams;
using Delivery.Contracts.Streams;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Aggregator.Live;

/// <summary>Tells whether events of a job's shard came to ClickHouse since somebody looked. Thread-safe.</summary>
internal sealed class LiveMarks(IConnectionMultiplexer redis, IOptions<RedisOptions> streams, IOptions<AggregatorOptions> options)
{
    /// <summary>Another text once more events of the job's shard can be read; null where Redis does not tell.</summary>
    public async Task<string?> OfAsync(ulong job)
    {
        var names = new StreamNames(streams.Value, StreamNames.ShardOf(job, streams.Value.Shards));
        try
        {
            var fields = await redis.GetDatabase().HashGetAllAsync(FeedKeys.Committed(names)).WaitAsync(options.Value.RedisTimeout).ConfigureAwait(false);
            return string.Join(' ', fields.Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Name}:{field.Value}")).Order(StringComparer.Ordinal));
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return null;
        }
    }
}
