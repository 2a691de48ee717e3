namespace Delivery.Mta.Spool;

/// <summary>
/// Claims recipients whose next attempt is due. Whoever removes a recipient's row from <c>retry</c> has it: one whose row is gone was moved or ended
/// since it was read, and must not be sent.
/// </summary>
internal sealed class ClaimRetries(IReadOnlyList<DueRecipient> due) : SpoolWrite
{
    private readonly HashSet<(ulong Job, uint Ordinal)> _gone = [];

    /// <summary>Those that were not claimed, once this is on disk.</summary>
    public IReadOnlySet<(ulong Job, uint Ordinal)> Gone => _gone;

    public override void Apply(SpoolSession session)
    {
        _gone.Clear();
        foreach (var one in due)
        {
            if (session.Run("DELETE FROM retry WHERE due_ms = $1 AND job = $2 AND ordinal = $3", one.DueMs, (long)one.Job, (long)one.Ordinal) == 0)
                _gone.Add((one.Job, one.Ordinal));
        }
    }
}

internal readonly record struct DueRecipient(long DueMs, ulong Job, uint Ordinal);
