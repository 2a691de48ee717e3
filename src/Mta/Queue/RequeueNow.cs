using Delivery.Mta.Spool;

namespace Delivery.Mta.Queue;

/// <summary>Makes deferred recipients due at once. One that was claimed meanwhile, or is due at another time, is left alone.</summary>
internal sealed class RequeueNow(IReadOnlyList<QueueRow> rows, long nowMs) : SpoolWrite
{
    /// <summary>How many there were.</summary>
    public int Changed { get; private set; }

    public override void Apply(SpoolSession session)
    {
        Changed = 0;
        foreach (var row in rows)
        {
            if (session.Run("DELETE FROM retry WHERE due_ms = $1 AND job = $2 AND ordinal = $3", row.DueMs, (long)row.Job, (long)row.Ordinal) == 0)
                continue;
            session.Run("INSERT OR IGNORE INTO retry (due_ms, job, ordinal) VALUES ($1, $2, $3)", nowMs, (long)row.Job, (long)row.Ordinal);
            Changed++;
        }
    }
}
