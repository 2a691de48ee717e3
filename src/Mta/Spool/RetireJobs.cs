namespace Delivery.Mta.Spool;

/// <summary>Takes the oldest finished jobs out of the jobs there are; what else the spool has of them goes with <see cref="RemoveRetired"/>.</summary>
internal sealed class RetireJobs(long finishedBeforeMs, int limit) : SpoolWrite
{
    /// <summary>How many there were.</summary>
    public int Found { get; private set; }

    public override void Apply(SpoolSession session)
    {
        Found = session.Run(
            "INSERT INTO leaving SELECT id FROM job WHERE finished_ms IS NOT NULL AND finished_ms < $1 ORDER BY finished_ms LIMIT $2", finishedBeforeMs, limit);
        if (Found == 0)
            return;
        session.Run("DELETE FROM job_content WHERE job IN (SELECT job FROM leaving)");
        session.Run("DELETE FROM job WHERE id IN (SELECT job FROM leaving)");
    }
}
