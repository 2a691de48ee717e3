using Delivery.Mta.Lanes;
using Delivery.Mta.Spool;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Queue;

/// <summary>
/// Counts what waits, from the rows of jobs alone: as long as there are few jobs, it does not matter how many recipients they have.
/// Jobs and flights are read one after the other, so that a recipient may be counted a moment late. Thread-safe.
/// </summary>
internal sealed class QueueDepth(SpoolReader reader, InFlight inFlight, TimeProvider time)
{
    private const string Free = "started_ms IS NOT NULL AND held = 0 AND coalesce(not_before_ms, 0) <= $1";

    private const string Counts =
        $"""
        SELECT coalesce(sum(CASE WHEN {Free} THEN accepted - next_ordinal END), 0),
          coalesce(sum(CASE WHEN NOT ({Free}) THEN accepted - next_ordinal END), 0),
          coalesce(sum(next_ordinal - delivered - bounced - expired - dropped), 0)
        FROM job WHERE delivered + bounced + expired + dropped < accepted
        """;

    private const string OldestJob =
        $"SELECT min(max(started_ms, coalesce(not_before_ms, 0))) FROM job WHERE started_ms IS NOT NULL AND next_ordinal < accepted AND {Free}";

    private const string OldestDue =
        """
        SELECT min(due) FROM (
          SELECT (SELECT due_ms FROM retry WHERE retry.job = job.id AND claimed = 0 ORDER BY due_ms LIMIT 1) AS due
          FROM job WHERE delivered + bounced + expired + dropped < accepted AND held = 0)
        WHERE due <= $1
        """;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public QueueCounts Total() => Read(Counts, inFlight.Count, Now);

    /// <summary>Of an account, or of one of its jobs.</summary>
    public QueueCounts Of(uint account, ulong? job)
    {
        var flying = inFlight.Recipients().Count(one => one.Account == account && (job is null || one.Job == job));
        return job is { } id
            ? Read(Counts + " AND account = $2 AND id = $3", flying, Now, (long)account, (long)id)
            : Read(Counts + " AND account = $2", flying, Now, (long)account);
    }

    /// <summary>Since when the recipient waits that was free to be tried first and never was, Unix milliseconds; null where there is none.</summary>
    public long? OldestWaitingMs(uint? account = null) => account is { } one
        ? Time(OldestJob + " AND account = $2", Now, (long)one)
        : Time(OldestJob, Now);

    /// <summary>Since when the attempt is due that is due longest, of jobs that are not held, Unix milliseconds; null where none is.</summary>
    public long? OldestDueMs() => Time(OldestDue, Now);

    private QueueCounts Read(string sql, int flying, params ReadOnlySpan<object> parameters)
    {
        using var session = reader.Rent();
        using var row = session.Read(sql, parameters);
        row.Read();
        var claimed = row.GetInt64(2);
        return new QueueCounts(row.GetInt64(0), row.GetInt64(1), Math.Min(flying, claimed), Math.Max(0, claimed - flying));
    }

    private long? Time(string sql, params ReadOnlySpan<object> parameters)
    {
        using var session = reader.Rent();
        using SqliteDataReader row = session.Read(sql, parameters);
        return row.Read() && !row.IsDBNull(0) ? row.GetInt64(0) : null;
    }
}
