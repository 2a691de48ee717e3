namespace Delivery.Mta.Spool;

/// <summary>Removes suppressions up to a number: Redis has them, and has had them for a while.</summary>
internal sealed class ForgetDueSuppressions(long last) : SpoolWrite
{
    public override void Apply(SpoolSession session) => session.Run("DELETE FROM suppression_due WHERE id <= $1", last);
}
