namespace Delivery.Mta.Spool;

/// <summary>Takes a job off those that are being filled with an audience: it was cancelled.</summary>
internal sealed class ForgetFollowUp(ulong job) : SpoolWrite
{
    public override void Apply(SpoolSession session) => session.Run("DELETE FROM follow_up WHERE job = $1", (long)job);
}
