namespace Delivery.Mta.Spool;

/// <summary>How many recipients of a job stand where; <see cref="Queued"/> and the rest always add up to <see cref="Accepted"/>.</summary>
internal readonly record struct JobCounts(long Accepted, long Deferred, long Delivered, long Bounced, long Expired, long Dropped, long Uncertain)
{
    public long Queued => Accepted - Deferred - Finished;

    public long Finished => Delivered + Bounced + Expired + Dropped;
}
