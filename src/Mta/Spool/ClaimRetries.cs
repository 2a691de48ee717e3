namespace Delivery.Mta.Spool;

/// <summary>
/// Claims recipients of one job whose next attempt is due, as <see cref="SpoolReader.Due"/> told them. Their rows go with their outcomes.
/// One whose row is gone was moved or ended by an operator since it was read, and must not be sent.
/// </summary>
internal sealed class ClaimRetries(IReadOnlyList<SpooledRecipient> due) : SpoolWrite
{
    private readonly HashSet<uint> _gone = [];

    /// <summary>Ordinals of those that were not claimed, once this is on disk.</summary>
    public IReadOnlySet<uint> Gone => _gone;

    public override void Apply(SpoolSession session)
    {
        _gone.Clear();
        for (var i = 0; i < due.Count; i++)
        {
            var one = due[i];
            var claimed = session.Run(
                "UPDATE retry SET claimed = 1 WHERE job = $1 AND due_ms = $2 AND ordinal = $3", (long)one.Job, one.RetryDueMs!.Value, (long)one.Ordinal);
            if (claimed == 0)
                _gone.Add(one.Ordinal);
        }
    }
}
