namespace Delivery.Mta.Spool;

/// <summary>
/// After a crash: all that was claimed and has no outcome is tried again, marked as uncertain, since a copy may have left.
/// After a clean stop there is nothing to find. Looks at what can have been in flight alone, however large the jobs are.
/// </summary>
internal sealed class RequeueInFlight(long nowMs) : SpoolWrite
{
    /// <summary>Recipients that were in flight.</summary>
    public int Found { get; private set; }

    public override void Apply(SpoolSession session)
    {
        session.Run("CREATE TEMP TABLE IF NOT EXISTS in_flight (job INTEGER, ordinal INTEGER, is_first INTEGER)");
        session.Run("DELETE FROM in_flight");
        Found = session.Run("INSERT INTO in_flight SELECT job, ordinal, 0 FROM retry WHERE claimed = 1");
        if (Found > 0)
            session.Run("UPDATE retry SET claimed = 0 WHERE claimed = 1");
        var first = session.Run(
            """
            INSERT INTO in_flight SELECT job, ordinal, 1 FROM (
              SELECT r.job, r.ordinal FROM job j JOIN recipient r ON r.job = j.id AND r.ordinal >= j.settled AND r.ordinal < j.next_ordinal
              WHERE j.delivered + j.bounced + j.expired + j.dropped < j.accepted AND j.settled < j.next_ordinal AND r.state <= 1
              EXCEPT SELECT job, ordinal FROM retry)
            """);
        session.Run("INSERT INTO retry (job, due_ms, ordinal) SELECT job, $1, ordinal FROM in_flight WHERE is_first = 1", nowMs);
        session.Run("UPDATE job SET settled = next_ordinal WHERE delivered + bounced + expired + dropped < accepted AND settled < next_ordinal");
        Found += first;
        if (Found == 0)
            return;
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
