namespace Delivery.Mta.Spool;

/// <summary>
/// Pauses, resumes or cancels a job. What is finished or cancelled stays as it is. Cancelling an open job closes it; one without recipients is finished thereby.
/// </summary>
/// <param name="hold"><see cref="JobHold.None"/> to resume.</param>
internal sealed class HoldJob(ulong job, JobHold hold, long nowMs) : SpoolWrite
{
    public override void Apply(SpoolSession session)
    {
        if (hold == JobHold.Cancelled)
        {
            session.Run(
                """
                UPDATE job SET held = 2, started_ms = coalesce(started_ms, $2), finished_ms = CASE WHEN accepted = 0 THEN $2 END
                WHERE id = $1 AND held <> 2 AND finished_ms IS NULL
                """,
                (long)job, nowMs);
            return;
        }

        session.Run("UPDATE job SET held = $2 WHERE id = $1 AND held <> 2 AND finished_ms IS NULL", (long)job, (int)hold);
    }
}
