namespace Delivery.Mta.Spool;

/// <summary>
/// Closes a job that was filled with the recipients of an earlier one and lets it be sent, with the answer to its idempotency key, in one commit. Where the
/// key was seen before, or the earlier job is gone and with it, perhaps, some of its recipients, nothing is changed.
/// </summary>
internal sealed class FinishFollowUp(uint account, ulong job, ulong source, string? idempotencyKey, byte[] bodyHash, byte[] response, long nowMs) : SpoolWrite
{
    /// <summary>Set where the idempotency key is taken.</summary>
    public IdempotentAnswer? Earlier { get; private set; }

    /// <summary>The earlier job left the spool before all of its recipients were read for certain.</summary>
    public bool SourceLeft { get; private set; }

    /// <summary>True where this write started it.</summary>
    public bool Started { get; private set; }

    public override void Apply(SpoolSession session)
    {
        (Earlier, SourceLeft, Started) = (null, false, false);
        if (idempotencyKey is not null)
            Earlier = IdempotencyRows.Find(session, account, idempotencyKey, nowMs);
        if (Earlier is not null)
            return;
        using (var known = session.Read("SELECT 1 FROM job WHERE id = $1", (long)source))
            SourceLeft = !known.Read();
        if (SourceLeft)
            return;
        Started = session.Run("UPDATE job SET started_ms = $2 WHERE id = $1 AND started_ms IS NULL AND accepted > 0", (long)job, nowMs) == 1;
        if (!Started)
            return;
        if (idempotencyKey is not null)
            IdempotencyRows.Insert(session, account, idempotencyKey, bodyHash, response, nowMs);
        session.Run("DELETE FROM follow_up WHERE job = $1", (long)job);
    }
}
