using Delivery.Contracts.Streams;
using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Mta.Publishing;

/// <summary>One <see cref="OutboxPublisher"/> for each shard, woken by every commit that holds events.</summary>
internal sealed class OutboxPublishers
{
    private static readonly TimeSpan LastMayTake = TimeSpan.FromSeconds(2);
    private readonly OutboxPublisher[] _shards;

    public OutboxPublishers(
        SpoolDatabase database, SpoolReader reader, SpoolWriter writer, IDatabaseAsync redis, IOptions<RedisOptions> redisOptions,
        IOptions<MtaOptions> options, BusyTimes busy, TimeProvider time, ILogger<OutboxPublisher> log)
    {
        _shards = new OutboxPublisher[redisOptions.Value.Shards];
        for (var shard = 0; shard < _shards.Length; shard++)
            _shards[shard] = new OutboxPublisher(shard, reader, writer, database.Producer, redis, redisOptions, options, busy, time, log);
        writer.EventsCommitted += Wake;
    }

    /// <summary>Events on disk that Redis has not taken yet.</summary>
    public long Waiting
    {
        get
        {
            var waiting = 0L;
            foreach (var shard in _shards)
                waiting += shard.Waiting;
            return waiting;
        }
    }

    /// <summary>When the oldest of them happened, Unix milliseconds; null where none waits.</summary>
    public long? OldestMs => _shards.Min(shard => shard.OldestMs);

    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(_shards.Select(shard => shard.RunAsync(stopping)));

    /// <summary>What the last outcomes put into the outbox, if Redis takes it at once; else it waits there for the next start.</summary>
    public async Task PublishLastAsync()
    {
        using var limit = new CancellationTokenSource(LastMayTake);
        foreach (var shard in _shards)
        {
            try
            {
                while (await shard.PublishAsync(limit.Token).WaitAsync(limit.Token).ConfigureAwait(false))
                {
                }
            }
            catch (Exception e) when (e is RedisException or TimeoutException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Wake()
    {
        foreach (var shard in _shards)
            shard.Wake();
    }
}
