namespace Delivery.Mta.Spool;

/// <summary>Claims a job's recipients below <paramref name="nextOrdinal"/>: from here on each of them is in flight until it has an outcome.</summary>
internal sealed class ClaimChunk(ulong job, uint nextOrdinal) : SpoolWrite
{
    public override void Apply(SpoolSession session) =>
        session.Run("UPDATE job SET next_ordinal = $2 WHERE id = $1 AND next_ordinal < $2", (long)job, (long)nextOrdinal);
}
