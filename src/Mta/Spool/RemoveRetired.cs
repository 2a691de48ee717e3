namespace Delivery.Mta.Spool;

/// <summary>Removes about <paramref name="limit"/> rows of jobs that were retired, and the last trace of those of which none is left.</summary>
internal sealed class RemoveRetired(int limit) : SpoolWrite
{
    /// <summary>False where nothing was left to remove.</summary>
    public bool Removed { get; private set; }

    public override void Apply(SpoolSession session)
    {
        Removed = false;
        for (var rows = 0; rows < limit && Next(session) is { } job; rows++)
        {
            Removed = true;
            rows += session.Run(
                "DELETE FROM recipient WHERE job = $1 AND ordinal <= coalesce((SELECT ordinal FROM recipient WHERE job = $1 ORDER BY ordinal LIMIT 1 OFFSET $2), $3)",
                job, limit - rows - 1, long.MaxValue);
            if (rows < limit)
            {
                rows += session.Run(
                    "DELETE FROM rejection WHERE job = $1 AND line <= coalesce((SELECT line FROM rejection WHERE job = $1 ORDER BY line LIMIT 1 OFFSET $2), $3)",
                    job, limit - rows - 1, long.MaxValue);
            }

            if (rows < limit)
                session.Run("DELETE FROM leaving WHERE job = $1", job);
        }
    }

    private static long? Next(SpoolSession session)
    {
        using var row = session.Read("SELECT job FROM leaving LIMIT 1");
        return row.Read() ? row.GetInt64(0) : null;
    }
}
