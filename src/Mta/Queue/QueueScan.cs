using Delivery.Mta.Lanes;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Queue;

/// <summary>
/// Looks through what waits, as far as it is told to and no further, so that a queue of millions is many short calls and never a long one. Thread-safe.
/// </summary>
internal sealed class QueueScan(SpoolReader reader, InFlight inFlight, ReplyClass classes, TimeProvider time)
{
    /// <summary>Gives up to <paramref name="most"/> recipients to <paramref name="take"/>, those that the filter lets, until it answers false.</summary>
    /// <param name="most">Recipients looked at.</param>
    public QueueProgress Run(QueueFilter filter, QueueCursor from, int most, Func<QueueRow, bool> take)
    {
        var run = new QueueScanRun(filter, reader, classes, time.GetUtcNow().ToUnixTimeMilliseconds(), most, take);
        if (from.Stage == QueueStage.InFlight)
        {
            if (filter.Wants(QueueState.InFlight) && !run.InFlight(inFlight.Recipients(), from))
                return run.Stopped();
            from = QueueCursor.At(QueueStage.Deferred);
        }

        if (from.Stage == QueueStage.Deferred)
        {
            if (filter.Wants(QueueState.Deferred) && !run.Deferred(from))
                return run.Stopped();
            from = QueueCursor.At(QueueStage.NeverTried);
        }

        var wanted = (filter.Wants(QueueState.Waiting) || filter.Wants(QueueState.Held)) && !filter.LooksAtReplies;
        return wanted && !run.NeverTried(from) ? run.Stopped() : run.Finished();
    }
}

/// <summary>What a scan did.</summary>
/// <param name="Next">Where to go on; null where it saw all.</param>
internal readonly record struct QueueProgress(int Scanned, QueueCursor? Next);
