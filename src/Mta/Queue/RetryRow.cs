using Delivery.Mta.Spool;

namespace Delivery.Mta.Queue;

/// <summary>
/// Whether a deferred recipient may be changed, inside a commit. Not where it was claimed or moved meanwhile, and not where its job is cancelled or about to
/// expire: its end is written by others then, who have read it already.
/// </summary>
internal static class RetryRow
{
    /// <summary>A job that expires sooner is left to its end.</summary>
    private const long ExpiryMarginMs = 30_000;

    private const string Standing =
        """
        SELECT r.state, r.attempts, r.losses, r.uncertain, r.email, r.key FROM retry t
        CROSS JOIN recipient r ON r.job = t.job AND r.ordinal = t.ordinal CROSS JOIN job j ON j.id = t.job
        WHERE t.job = $1 AND t.due_ms = $2 AND t.ordinal = $3 AND t.claimed = 0 AND j.held <> 2 AND coalesce(j.expires_ms, $4) >= $4
        """;

    /// <summary>As it is in this commit; null where it is to be left alone.</summary>
    public static SpooledRecipient? Find(SpoolSession session, uint account, in QueueRow row, long nowMs)
    {
        using var found = session.Read(Standing, (long)row.Job, row.DueMs, (long)row.Ordinal, nowMs + ExpiryMarginMs);
        return found.Read()
            ? new SpooledRecipient
            {
                Account = account,
                Job = row.Job,
                Ordinal = row.Ordinal,
                State = (RecipientState)found.GetByte(0),
                Attempts = (ushort)found.GetInt32(1),
                Losses = (ushort)found.GetInt32(2),
                Uncertain = found.GetInt32(3) != 0,
                Email = found.GetString(4),
                Key = Contracts.RecipientKey.Read(found.GetFieldValue<byte[]>(5)),
            }
            : null;
    }

    public static void Remove(SpoolSession session, in QueueRow row) =>
        session.Run("DELETE FROM retry WHERE job = $1 AND due_ms = $2 AND ordinal = $3", (long)row.Job, row.DueMs, (long)row.Ordinal);
}
