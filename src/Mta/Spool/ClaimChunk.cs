namespace Delivery.Mta.Spool;

/// <summary>Claims a job's recipients from <paramref name="next"/> to before <paramref name="end"/>: each of them is in flight until it has an outcome.</summary>
/// <param name="settled">All recipients below it have an outcome on disk, or are in <c>retry</c>.</param>
internal sealed class ClaimChunk(ulong job, uint next, uint end, uint settled = 0) : SpoolWrite
{
    /// <exception cref="InvalidOperationException">They are not the next ones of the job: claiming them would send them twice.</exception>
    public override void Apply(SpoolSession session)
    {
        var changed = session.Run(
            "UPDATE job SET next_ordinal = $3, settled = max(settled, $4) WHERE id = $1 AND next_ordinal = $2", (long)job, (long)next, (long)end, (long)settled);
        if (changed != 1)
            throw new InvalidOperationException($"Recipients {next} to {end} of job {job} are not the next to be claimed.");
    }
}
