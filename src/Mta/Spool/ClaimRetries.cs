namespace Delivery.Mta.Spool;

/// <summary>Claims recipients whose next attempt is due, as <see cref="SpoolReader.Due"/> told them. Their rows go with their outcomes.</summary>
internal sealed class ClaimRetries(IReadOnlyList<SpooledRecipient> due) : SpoolWrite
{
    public override void Apply(SpoolSession session)
    {
        for (var i = 0; i < due.Count; i++)
        {
            var one = due[i];
            session.Run(
                "UPDATE retry SET claimed = 1 WHERE job = $1 AND due_ms = $2 AND ordinal = $3", (long)one.Job, one.RetryDueMs!.Value, (long)one.Ordinal);
        }
    }
}
