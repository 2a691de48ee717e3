using Delivery.Aggregator.Streams;
using Delivery.Contracts.Streams;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Aggregator.Reports;

/// <summary>Up to when events are in ClickHouse. Ask before the figures are read, so that the answer holds for them. Thread-safe.</summary>
internal sealed class Freshness(IConnectionMultiplexer redis, IOptions<RedisOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    /// <summary>
    /// When the oldest entry that still waits in the job's stream was published; now, where none waits;
    /// null where Redis does not tell.
    /// </summary>
    public Task<DateTimeOffset?> OfAsync(ulong job) => OfShardsAsync([StreamNames.ShardOf(job, options.Value.Shards)]);

    /// <summary>The oldest of several jobs' moments.</summary>
    public Task<DateTimeOffset?> OfAsync(IEnumerable<ulong> jobs) =>
        OfShardsAsync([.. jobs.Select(job => StreamNames.ShardOf(job, options.Value.Shards)).Distinct()]);

    /// <summary>The oldest moment of all, for figures of whichever jobs there are.</summary>
    public Task<DateTimeOffset?> OfAllAsync() => OfShardsAsync([.. Enumerable.Range(0, options.Value.Shards)]);

    private async Task<DateTimeOffset?> OfShardsAsync(int[] shards)
    {
        var now = time.GetUtcNow();
        try
        {
            var moments = await Task.WhenAll(shards.Select(shard => OldestAsync(new StreamNames(options.Value, shard), now))).WaitAsync(Deadline).ConfigureAwait(false);
            return moments.Prepend(now).Min();
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return null;
        }
    }

    private async Task<DateTimeOffset> OldestAsync(StreamNames names, DateTimeOffset now)
    {
        var reply = (RedisResult[])(await redis.GetDatabase().ExecuteAsync("XRANGE", names.Entries, "-", "+", "COUNT", 1).ConfigureAwait(false))!;
        return reply.Length == 0 ? now : DateTimeOffset.FromUnixTimeMilliseconds((long)StreamId.Milliseconds((string)((RedisResult[])reply[0]!)[0]!));
    }
}
