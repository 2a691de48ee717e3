namespace Delivery.Mta.Spool;

/// <summary>Closes an open job and lets it be sent. One without recipients, and one that was started before, is left as it is.</summary>
internal sealed class StartJob(ulong job, long nowMs) : SpoolWrite
{
    /// <summary>True where this write started it.</summary>
    public bool Started { get; private set; }

    public override void Apply(SpoolSession session) =>
        Started = session.Run("UPDATE job SET started_ms = $2 WHERE id = $1 AND started_ms IS NULL AND accepted > 0", (long)job, nowMs) == 1;
}
