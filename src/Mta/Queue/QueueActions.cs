using Delivery.Contracts.Streams;
using Delivery.Mta.Lanes;
using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Queue;

/// <summary>Changes what is deferred, a chunk a commit, so that mail goes on meanwhile. Thread-safe.</summary>
internal sealed class QueueActions(
    QueueScan scan, SpoolWriter writer, InFlight inFlight, JobTable jobs, MtaMetrics metrics, IOptions<RedisOptions> redis, TimeProvider time)
{
    /// <summary>Recipients looked at in one call.</summary>
    public const int MostScanned = 1_000_000;

    private const int Chunk = 500;
    private const string Note = "Recipients in flight are left alone, and so are those that were never tried: cancel their job.";

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Makes them due now. Those that are due already do not count, and who is deferred once more meanwhile keeps that time.</summary>
    public Task<QueueChange> RequeueAsync(QueueFilter filter, QueueCursor from, int limit, CancellationToken cancellation)
    {
        var started = NowMs;
        var moved = new HashSet<(ulong, uint)>();
        return ChangeAsync(filter, from, limit, row => row.DueMs > started && moved.Add((row.Job, row.Ordinal)), async rows =>
        {
            var now = NowMs;
            var write = new RequeueNow(filter.Account, rows, now);
            await writer.CommitAsync(write, CancellationToken.None).ConfigureAwait(false);
            foreach (var id in write.Jobs)
            {
                if (jobs.Find(id) is not { } job)
                    continue;
                job.DueAt(now);
                jobs.Poke(job);
            }

            return write.Changed;
        }, cancellation);
    }

    /// <summary>Ends them as bounced.</summary>
    public Task<QueueChange> BounceAsync(QueueFilter filter, string reason, QueueCursor from, int limit, CancellationToken cancellation) =>
        ChangeAsync(filter, from, limit, _ => true, async rows =>
        {
            var write = new BounceDeferred(filter.Account, rows, reason, redis.Value.Shards, NowMs);
            await writer.CommitAsync(write, CancellationToken.None).ConfigureAwait(false);
            metrics.Ended(write.Outcomes);
            foreach (var ended in write.Outcomes)
            {
                if (jobs.Find(ended.Recipient.Job) is { } job)
                    jobs.Finish(job, 1);
            }

            return write.Outcomes.Count;
        }, cancellation);

    private async Task<QueueChange> ChangeAsync(
        QueueFilter filter, QueueCursor from, int limit, Func<QueueRow, bool> wanted, Func<List<QueueRow>, Task<int>> change, CancellationToken cancellation)
    {
        filter = filter with { State = QueueState.Deferred };
        var (changed, scanned) = (0L, 0L);
        QueueCursor? next = from;
        while (next is { } at && changed < limit && scanned < MostScanned && !cancellation.IsCancellationRequested)
        {
            var rows = new List<QueueRow>();
            var most = (int)Math.Min(Chunk, limit - changed);
            var progress = scan.Run(filter, at, QueueQuery.LookedThrough, row =>
            {
                if (wanted(row))
                    rows.Add(row);
                return rows.Count < most;
            });
            (scanned, next) = (scanned + progress.Scanned, progress.Next);
            if (rows.Count > 0)
                changed += await change(rows).ConfigureAwait(false);
        }

        return new QueueChange(changed, Flying(filter with { State = QueueState.InFlight }), scanned, next?.ToString(), Note);
    }

    /// <summary>How many of those in flight the filter means, by what is known of them there.</summary>
    private long Flying(QueueFilter filter)
    {
        var flying = 0L;
        scan.Run(filter with { Reason = null, Class = null }, QueueCursor.At(QueueStage.InFlight), inFlight.Capacity, _ => ++flying > 0);
        return flying;
    }
}
