using Delivery.Contracts.Streams;
using Delivery.Contracts.Suppressions;
using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Mta.Suppressions;

/// <summary>
/// Brings the suppressions of this node's own outcomes into Redis, in order. They leave the spool when Redis has had them for
/// <see cref="MtaOptions.KeepPublished"/> and the mirror has seen them come back; a Redis that lost them gets them again.
/// </summary>
internal sealed class DueSender(
    SpoolReader reader, SpoolWriter writer, DueSuppressions due, SuppressionMirror mirror, IDatabaseAsync redis, IOptions<RedisOptions> redisOptions,
    IOptions<MtaOptions> options, TimeProvider time, ILogger<DueSender> log)
    : BackgroundService
{
    /// <summary>Calls whose rows are not yet forgotten: bounds memory where Redis comes back after long.</summary>
    private const int MostSent = 2_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private readonly SuppressionKeys _keys = new(redisOptions.Value);
    private readonly Queue<SentBatch> _sent = new();
    private long _last;
    private int _losses;
    private bool _failing;

    /// <summary>From here on they hold; mail is sent after this.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var last = 0L;
        while (reader.SuppressionsDue(last, SuppressionScript.MostAtOnce) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
                due.Hold(row.Account, row.Key, row.Reason);
            last = rows[^1].Id;
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var moved = _sent.Count < MostSent && await SendAsync().ConfigureAwait(false);
                await ForgetAsync().ConfigureAwait(false);
                Recovered();
                if (!moved)
                    await due.Added.WaitAsync(LookEvery, time, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is RedisException or TimeoutException or SqliteException or IOException or OperationCanceledException)
            {
                Failed(e);
                await Task.Delay(FaultPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>False where nothing is left to send.</summary>
    private async Task<bool> SendAsync()
    {
        var rows = reader.SuppressionsDue(_last, SuppressionScript.MostAtOnce);
        if (rows.Count == 0)
            return false;
        SuppressionChange change = default;
        foreach (var ofOne in rows.GroupBy(row => row.Account))
        {
            var added = ofOne.Select(row => new SuppressedRecipient(row.Key, new SuppressedFor(row.Reason, 0, row.TimeMs))).ToList();
            change = await SuppressionScript.AddAsync(redis, _keys, ofOne.Key, added, Deadline).ConfigureAwait(false);
        }

        _last = rows[^1].Id;
        _sent.Enqueue(new SentBatch(rows, time.GetTimestamp(), change));
        return rows.Count == SuppressionScript.MostAtOnce;
    }

    private async Task ForgetAsync()
    {
        if (mirror.Losses != _losses)
        {
            _losses = mirror.Losses;
            _sent.Clear();
            _last = 0;
            return;
        }

        var stand = mirror.Stand;
        while (_sent.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) >= options.Value.KeepPublished
            && oldest.Change.Epoch == stand.Epoch && oldest.Change.Version <= stand.Version)
        {
            await writer.CommitAsync(new ForgetDueSuppressions(oldest.Rows[^1].Id)).ConfigureAwait(false);
            foreach (var row in oldest.Rows)
                due.Release(row);
            _sent.Dequeue();
            // An empty table counts from 1 again; what is left in it was not sent.
            if (_sent.Count == 0)
                _last = 0;
        }
    }

    private void Failed(Exception e)
    {
        if (_failing)
            return;
        _failing = true;
        Log.DueFails(log, due.Count, e.GetType().Name, e.Message);
    }

    private void Recovered()
    {
        if (!_failing)
            return;
        _failing = false;
        Log.DueGoesOn(log);
    }

    private sealed record SentBatch(List<DueSuppression> Rows, long At, SuppressionChange Change);
}
