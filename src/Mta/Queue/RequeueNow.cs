using Delivery.Mta.Spool;

namespace Delivery.Mta.Queue;

/// <summary>Makes deferred recipients due at once; those that <see cref="RetryRow"/> says are left alone.</summary>
internal sealed class RequeueNow(uint account, IReadOnlyList<QueueRow> rows, long nowMs) : SpoolWrite
{
    private readonly HashSet<ulong> _jobs = [];

    /// <summary>How many there were.</summary>
    public int Changed { get; private set; }

    /// <summary>Of which jobs.</summary>
    public IReadOnlySet<ulong> Jobs => _jobs;

    public override void Apply(SpoolSession session)
    {
        Changed = 0;
        _jobs.Clear();
        foreach (var row in rows)
        {
            if (RetryRow.Find(session, account, row, nowMs) is null)
                continue;
            RetryRow.Remove(session, row);
            session.Run("INSERT INTO retry (job, due_ms, ordinal) VALUES ($1, $2, $3)", (long)row.Job, nowMs, (long)row.Ordinal);
            _jobs.Add(row.Job);
            Changed++;
        }
    }
}
