namespace Delivery.Mta.Spool;

/// <summary>
/// After a crash: all that was claimed and has no outcome is tried again, marked as uncertain, since a copy may have left.
/// After a clean stop there is nothing to find.
/// </summary>
internal sealed class RequeueInFlight(long nowMs) : SpoolWrite
{
    /// <summary>Recipients that were in flight.</summary>
    public int Found { get; private set; }

    public override void Apply(SpoolSession session)
    {
        session.Run("CREATE TEMP TABLE IF NOT EXISTS in_flight (job INTEGER, ordinal INTEGER)");
        session.Run("DELETE FROM in_flight");
        Found = session.Run(
            """
            INSERT INTO in_flight
            SELECT r.job, r.ordinal FROM job j JOIN recipient r ON r.job = j.id AND r.ordinal < j.next_ordinal
            WHERE j.delivered + j.bounced + j.expired + j.dropped < j.accepted AND r.state <= 1
            EXCEPT SELECT job, ordinal FROM retry
            """);
        if (Found == 0)
            return;
        session.Run("INSERT INTO retry (due_ms, job, ordinal) SELECT $1, job, ordinal FROM in_flight", nowMs);
        session.Run(
            """
            UPDATE job SET uncertain = uncertain + n FROM (
              SELECT f.job AS id, count(*) AS n FROM in_flight f JOIN recipient r ON r.job = f.job AND r.ordinal = f.ordinal
              WHERE r.uncertain = 0 GROUP BY f.job) AS lost
            WHERE job.id = lost.id
            """);
        session.Run("UPDATE recipient SET uncertain = 1 WHERE (job, ordinal) IN (SELECT job, ordinal FROM in_flight)");
    }
}
