namespace Delivery.Mta.Spool;

/// <summary>Reads and writes answers to idempotency keys, inside a commit.</summary>
internal static class IdempotencyRows
{
    private static readonly long KeptMs = (long)TimeSpan.FromHours(24).TotalMilliseconds;

    /// <summary>Null where the key was not seen; forgets those that are too old.</summary>
    public static IdempotentAnswer? Find(SpoolSession session, uint account, string key, long nowMs)
    {
        session.Run("DELETE FROM idempotency WHERE created_ms < $1", nowMs - KeptMs);
        using var known = session.Read("SELECT body_hash, response FROM idempotency WHERE account = $1 AND key = $2", (long)account, key);
        return known.Read() ? new IdempotentAnswer(known.GetFieldValue<byte[]>(0), known.GetFieldValue<byte[]>(1)) : null;
    }

    public static void Insert(SpoolSession session, uint account, string key, byte[] bodyHash, byte[] response, long nowMs) =>
        session.Run("INSERT INTO idempotency (account, key, body_hash, response, created_ms) VALUES ($1, $2, $3, $4, $5)", (long)account, key, bodyHash, response, nowMs);
}
