namespace Delivery.Mta.Spool;

/// <summary>Removes a shard's events up to a number from the outbox: they are in Redis, and long enough for its own disk to have them.</summary>
internal sealed class ForgetPublished(int shard, ulong last) : SpoolWrite
{
    public override void Apply(SpoolSession session) =>
        session.Run("DELETE FROM outbox WHERE shard = $1 AND first <= $2", shard, (long)last);
}
