namespace Delivery.Mta.Spool;

/// <summary>Claims recipients whose next attempt is due.</summary>
internal sealed class ClaimRetries(IReadOnlyList<DueRecipient> due) : SpoolWrite
{
    public override void Apply(SpoolSession session)
    {
        foreach (var one in due)
            session.Run("DELETE FROM retry WHERE due_ms = $1 AND job = $2 AND ordinal = $3", one.DueMs, (long)one.Job, (long)one.Ordinal);
    }
}

internal readonly record struct DueRecipient(long DueMs, ulong Job, uint Ordinal);
