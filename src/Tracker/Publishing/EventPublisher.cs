using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Suppressions;
using Delivery.Tracker.Admission;
using Delivery.Tracker.Journaling;
using Delivery.Tracker.Telemetry;
using Microsoft.Extensions.Options;

namespace Delivery.Tracker.Publishing;

/// <summary>Takes the events of all requests and gets each into its job's stream. Thread-safe.</summary>
internal sealed class EventPublisher : IHostedService, IDisposable
{
    private static readonly Task<RecordOutcome> Shed = Task.FromResult(RecordOutcome.Shed);
    private readonly ShardPublisher[] _shards;
    private readonly EventJournal _journal;
    private readonly JournalLoop _loop;
    private readonly InFlight _inFlight;
    private readonly TimeProvider _time;
    private readonly ILogger<EventPublisher> _log;
    private readonly TimeSpan _stopDeadline;
    private readonly CancellationTokenSource _stop = new();
    private Task _publishing = Task.CompletedTask;

    public EventPublisher(
        IOptions<TrackerOptions> options,
        IOptions<RedisOptions> redisOptions,
        RedisConnection redis,
        SuppressionKeys suppressions,
        EventJournal journal,
        InFlight inFlight,
        TrackerMetrics metrics,
        TimeProvider time,
        ILogger<EventPublisher> log)
    {
        _journal = journal;
        _time = time;
        _log = log;
        _stopDeadline = TimeSpan.FromMilliseconds(options.Value.StopDeadlineMs);
        _inFlight = inFlight;
        JournalWatch = new JournalWatch(journal, time, log);
        _loop = new JournalLoop(journal, JournalWatch, options.Value);
        _shards = new ShardPublisher[redisOptions.Value.Shards];
        var timeout = TimeSpan.FromMilliseconds(options.Value.PublishTimeoutMs);
        for (var i = 0; i < _shards.Length; i++)
        {
            var stream = new ShardStream(new StreamNames(redisOptions.Value, i), redis, suppressions, timeout);
            _shards[i] = new ShardPublisher(i, stream, journal, _loop, inFlight, options.Value, metrics, time, log);
        }

        redis.Restored += Verify;
    }

    /// <summary>Records that wait for Redis, those on their way to it included.</summary>
    public long Waiting
    {
        get
        {
            long waiting = 0;
            foreach (var shard in _shards)
                waiting += shard.Waiting;
            return waiting;
        }
    }

    public EventJournal Journal => _journal;

    public JournalWatch JournalWatch { get; }

    /// <summary>Requests that wait until their event is in Redis or on disk.</summary>
    public int InFlight => _inFlight.Count;

    /// <summary>
    /// The task answers when the event is in Redis or, where Redis is failing or takes longer than
    /// <see cref="TrackerOptions.RecordDeadlineMs"/>, on disk; at <see cref="TrackerOptions.AnswerDeadlineMs"/> in any case, and at once when
    /// nothing more can wait: as for one that has no suppression and finds <see cref="TrackerOptions.MaxInFlight"/> waiting. It never throws.
    /// </summary>
    public Task<RecordOutcome> Record(in DeliveryEvent e, ReadOnlySpan<Suppression> suppressions = default) =>
        _inFlight.TryEnter(always: !suppressions.IsEmpty) ? _shards[StreamNames.ShardOf(e.Job, _shards.Length)].Queue.Add(e, suppressions) : Shed;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop.Start(_shards);
        var loops = new Task[_shards.Length];
        for (var i = 0; i < loops.Length; i++)
        {
            var shard = _shards[i];
            loops[i] = Task.Run(() => shard.RunAsync(_stop.Token), CancellationToken.None);
        }

        _publishing = Task.WhenAll(loops);
        return Task.CompletedTask;
    }

    /// <summary>Comes after the listener has stopped: publishes what waits while Redis takes it, within the stop deadline; the journal keeps the rest.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var shard in _shards)
            shard.Close();
        _stop.CancelAfter(_stopDeadline);
        try
        {
            await _publishing.WaitAsync(_stopDeadline * 2, _time, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            await _stop.CancelAsync();
        }

        await _loop.StopAsync();
        if (Waiting > 0)
            TrackerLog.WaitsAtStop(_log, Waiting);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _loop.Dispose();
    }

    private void Verify()
    {
        foreach (var shard in _shards)
            shard.Verify();
    }
}
