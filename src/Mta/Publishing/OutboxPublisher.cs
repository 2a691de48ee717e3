using System.Diagnostics;
using Delivery.Contracts.Streams;
using Delivery.Mta.Lanes;
using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Mta.Publishing;

/// <summary>
/// Brings one shard's outbox into Redis, in the order of its numbers. An entry leaves the outbox only when Redis still had it
/// some time after taking it, so that a Redis that comes back with an older state gets the rest again.
/// </summary>
internal sealed class OutboxPublisher(
    int shard, SpoolReader reader, SpoolWriter writer, ulong producer, IDatabaseAsync redis, IOptions<RedisOptions> redisOptions,
    IOptions<MtaOptions> options, BusyTimes busy, TimeProvider time, ILogger<OutboxPublisher> log)
{
    private const int ReadAhead = 32;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly StreamNames _names = new(redisOptions.Value, shard);
    private readonly Signal _committed = new();
    private readonly Queue<(long At, ulong Last)> _published = new();
    private ulong _next = 1;
    private bool _failing;

    /// <summary>Tells that the outbox has something new.</summary>
    public void Wake() => _committed.Raise();

    /// <summary>Events on disk that Redis has not taken yet.</summary>
    public long Waiting => reader.Unpublished(shard, Volatile.Read(ref _next));

    /// <summary>When the oldest event of those happened, Unix milliseconds; null where none waits.</summary>
    public long? OldestMs => reader.Outbox(shard, Volatile.Read(ref _next), 1) is [var oldest] ? EntryTime.Of(oldest) : null;

    public async Task RunAsync(CancellationToken stopping)
    {
        var pause = FirstPause;
        var checkedAt = time.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var moved = await PublishAsync(stopping).ConfigureAwait(false);
                if (_published.Count > 0 && time.GetElapsedTime(checkedAt) >= CheckEvery)
                {
                    checkedAt = time.GetTimestamp();
                    await ConfirmAsync().ConfigureAwait(false);
                }

                Recovered();
                pause = FirstPause;
                if (!moved)
                    await _committed.WaitAsync(CheckEvery, time, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is RedisException or TimeoutException or SqliteException or IOException or OperationCanceledException)
            {
                Failed(e);
                try
                {
                    await Task.Delay(pause, time, stopping).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    return;
                }

                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Publishes what the outbox holds from the next number on; false where that is nothing.</summary>
    public async Task<bool> PublishAsync(CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        var entries = reader.Outbox(shard, _next, ReadAhead);
        busy.Add(BusyTimes.Part.Publish, started);
        foreach (var entry in entries)
        {
            stopping.ThrowIfCancellationRequested();
            if (!await PublishAsync(entry).ConfigureAwait(false))
                return true;
        }

        return entries.Count > 0;
    }

    /// <summary>False where the order has to start again from another number.</summary>
    private async Task<bool> PublishAsync(NumberedEntry entry)
    {
        var result = await PublishScript.PublishAsync(redis, _names, producer, entry.First, entry.Count, entry.Records, Deadline).ConfigureAwait(false);
        if (result.Status == PublishStatus.OutOfTurn)
        {
            if (result.Mark + 1 < entry.First && reader.Outbox(shard, result.Mark + 1, 1) is [var earlier] && earlier.First == result.Mark + 1)
            {
                Log.RedisCameBackOlder(log, shard, result.Mark, entry.First);
                _next = earlier.First;
                return false;
            }

            Log.NumbersLost(log, shard, result.Mark + 1, entry.First - 1);
            result = await PublishScript.PublishAsync(
                redis, _names, producer, entry.First, entry.Count, entry.Records, Deadline, leap: true).ConfigureAwait(false);
        }

        _next = entry.Last + 1;
        _published.Enqueue((time.GetTimestamp(), entry.Last));
        return true;
    }

    /// <summary>Looks whether Redis still has what it took; forgets what it has had for long enough, goes back where it has not.</summary>
    private async Task ConfirmAsync()
    {
        var reply = await redis.HashGetAsync(_names.Marks, (long)producer).WaitAsync(Deadline).ConfigureAwait(false);
        var mark = reply.IsNull ? 0UL : (ulong)(long)reply;
        if (mark + 1 < _next)
        {
            var from = reader.Outbox(shard, mark + 1, 1) is [var earlier] ? earlier.First : _next;
            if (from < _next)
            {
                Log.RedisCameBackOlder(log, shard, mark, _next);
                _next = from;
                _published.Clear();
                return;
            }
        }

        ulong? forget = null;
        while (_published.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) >= options.Value.KeepPublished && oldest.Last <= mark)
            forget = _published.Dequeue().Last;
        if (forget is { } last)
            await writer.CommitAsync(new ForgetPublished(shard, last)).ConfigureAwait(false);
    }

    private void Failed(Exception e)
    {
        if (_failing)
            return;
        _failing = true;
        Log.PublishingFails(log, shard, e.GetType().Name, e.Message);
    }

    private void Recovered()
    {
        if (!_failing)
            return;
        _failing = false;
        Log.PublishingGoesOn(log, shard);
    }
}
