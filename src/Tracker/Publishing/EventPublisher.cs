using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using Delivery.Tracker.Telemetry;
using Microsoft.Extensions.Options;

namespace Delivery.Tracker.Publishing;

/// <summary>Takes the events of all requests and gets each into its job's stream. Thread-safe.</summary>
internal sealed class EventPublisher : IHostedService, IDisposable
{
    private readonly ShardPublisher[] _shards;
    private readonly TrackerMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<EventPublisher> _log;
    private readonly TimeSpan _stopDeadline;
    private readonly CancellationTokenSource _stop = new();
    private Task _loops = Task.CompletedTask;
    private volatile bool _closed;

    public EventPublisher(
        IOptions<TrackerOptions> options,
        IOptions<RedisOptions> redisOptions,
        RedisConnection redis,
        TrackerMetrics metrics,
        TimeProvider time,
        ILogger<EventPublisher> log)
    {
        _metrics = metrics;
        _time = time;
        _log = log;
        _stopDeadline = TimeSpan.FromMilliseconds(options.Value.StopDeadlineMs);
        _shards = new ShardPublisher[redisOptions.Value.Shards];
        for (var i = 0; i < _shards.Length; i++)
            _shards[i] = new ShardPublisher(new StreamNames(redisOptions.Value, i), redis, options.Value, metrics, time, log);
        redis.Restored += Verify;
    }

    /// <summary>Records that wait for Redis, those on their way to it included.</summary>
    public long Waiting
    {
        get
        {
            long waiting = 0;
            foreach (var shard in _shards)
                waiting += shard.Queue.Records;
            return waiting;
        }
    }

    /// <summary>
    /// The task answers when the event is in Redis, and no later than <see cref="TrackerOptions.RecordDeadlineMs"/>; at once while Redis
    /// is failing, and when nothing more can wait. It never throws.
    /// </summary>
    public Task<RecordOutcome> Record(in DeliveryEvent e) =>
        _shards[StreamNames.ShardOf(e.Job, _shards.Length)].Queue.Add(e);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var loops = new Task[_shards.Length];
        for (var i = 0; i < loops.Length; i++)
        {
            var shard = _shards[i];
            loops[i] = Task.Run(() => shard.RunAsync(() => _closed, _stop.Token), CancellationToken.None);
        }

        _loops = Task.WhenAll(loops);
        return Task.CompletedTask;
    }

    /// <summary>Comes after the listener has stopped: publishes what waits, within the stop deadline, and counts what is left.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _closed = true;
        foreach (var shard in _shards)
            shard.Queue.Close();
        _stop.CancelAfter(_stopDeadline);
        try
        {
            await _loops.WaitAsync(_stopDeadline * 2, _time, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            _metrics.Lost(Waiting);
            TrackerLog.LostAtStop(_log, Waiting);
        }
    }

    public void Dispose() => _stop.Dispose();

    private void Verify()
    {
        foreach (var shard in _shards)
            shard.Verify();
    }
}
