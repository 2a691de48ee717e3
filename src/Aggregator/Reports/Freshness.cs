using Delivery.Aggregator.Streams;
using Delivery.Contracts.Streams;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Aggregator.Reports;

/// <summary>Up to when a job's events are in ClickHouse. Ask before the figures are read, so that the answer holds for them. Thread-safe.</summary>
internal sealed class Freshness(IConnectionMultiplexer redis, IOptions<RedisOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    /// <summary>
    /// When the oldest entry that still waits in the job's stream was published; now, where none waits;
    /// null where Redis does not tell.
    /// </summary>
    public async Task<DateTimeOffset?> OfAsync(ulong job)
    {
        var names = new StreamNames(options.Value, StreamNames.ShardOf(job, options.Value.Shards));
        var now = time.GetUtcNow();
        try
        {
            var reply = (RedisResult[])(await redis.GetDatabase()
                .ExecuteAsync("XRANGE", names.Entries, "-", "+", "COUNT", 1).WaitAsync(Deadline).ConfigureAwait(false))!;
            return reply.Length == 0
                ? now
                : DateTimeOffset.FromUnixTimeMilliseconds((long)StreamId.Milliseconds((string)((RedisResult[])reply[0]!)[0]!));
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return null;
        }
    }
}
