using Delivery.Mta.Spool;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Queue;

/// <summary>One scan: its budget, its place and the jobs that it has met. Each stage returns false where the scan is to stop.</summary>
internal sealed class QueueScanRun(QueueFilter filter, SpoolReader reader, ReplyClass classes, long nowMs, int most, Func<QueueRow, bool> take)
{
    private const int JobsAtOnce = 200;

    private const string JobColumns =
        "id, account, coalesce(started_ms, created_ms), started_ms IS NULL OR held <> 0 OR coalesce(not_before_ms, 0) > $2, next_ordinal";

    private readonly Dictionary<ulong, QueueJob?> _jobs = [];
    private QueueCursor _at;
    private int _scanned;

    public QueueProgress Stopped() => new(_scanned, _at);

    public QueueProgress Finished() => new(_scanned, null);

    public bool InFlight(List<SpooledRecipient> recipients, QueueCursor from)
    {
        _at = from;
        recipients.Sort(static (a, b) => a.Job != b.Job ? a.Job.CompareTo(b.Job) : a.Ordinal.CompareTo(b.Ordinal));
        using var session = reader.Rent();
        foreach (var one in recipients)
        {
            if ((long)one.Job < from.Job || ((long)one.Job == from.Job && one.Ordinal <= from.Ordinal) || one.Account != filter.Account)
                continue;
            if (_scanned >= most)
                return false;
            var place = new QueueCursor(QueueStage.InFlight, 0, (long)one.Job, one.Ordinal);
            if (Job(session, one.Job) is not { } job)
            {
                Pass(place);
                continue;
            }

            if (!Look(place, job, new QueueRow(QueueState.InFlight, one.Job, one.Ordinal, one.Email, one.Attempts, one.Uncertain, job.SinceMs, null, null)))
                return false;
        }

        return true;
    }

    public bool Deferred(QueueCursor from)
    {
        _at = from;
        var first = from.Job;
        while (Jobs(first, "next_ordinal > delivered + bounced + expired + dropped") is { Count: > 0 } jobs)
        {
            foreach (var job in jobs)
            {
                if (filter.Lets(job, nowMs) && !Deferred(job, (long)job.Id == from.Job ? from : QueueCursor.At(QueueStage.Deferred)))
                    return false;
                first = (long)job.Id + 1;
            }
        }

        return true;
    }

    private bool Deferred(in QueueJob job, QueueCursor after)
    {
        using var session = reader.Rent();
        using var row = session.Read(
            """
            SELECT t.due_ms, t.ordinal, r.email, r.attempts, r.uncertain, r.detail FROM retry t CROSS JOIN recipient r ON r.job = t.job AND r.ordinal = t.ordinal
            WHERE t.job = $1 AND (t.due_ms, t.ordinal) > ($2, $3) AND t.claimed = 0 ORDER BY t.due_ms, t.ordinal LIMIT $4
            """,
            (long)job.Id, after.DueMs, after.Ordinal, (long)most - _scanned + 1);
        while (row.Read())
        {
            if (_scanned >= most)
                return false;
            var (due, ordinal) = (row.GetInt64(0), (uint)row.GetInt64(1));
            var found = new QueueRow(
                QueueState.Deferred, job.Id, ordinal, row.GetString(2), row.GetInt32(3), row.GetInt32(4) != 0, job.SinceMs, due, row.IsDBNull(5) ? null : row.GetString(5));
            if (!Look(new QueueCursor(QueueStage.Deferred, due, (long)job.Id, ordinal), job, found))
                return false;
        }

        return true;
    }

    public bool NeverTried(QueueCursor from)
    {
        _at = from;
        var first = from.Job;
        while (Jobs(first, "next_ordinal < accepted") is { Count: > 0 } jobs)
        {
            foreach (var job in jobs)
            {
                var state = job.IsHeld ? QueueState.Held : QueueState.Waiting;
                if (filter.Wants(state) && filter.Lets(job, nowMs) && !NeverTried(job, state, (long)job.Id == from.Job ? from.Ordinal : -1))
                    return false;
                first = (long)job.Id + 1;
            }
        }

        return true;
    }

    private bool NeverTried(in QueueJob job, QueueState state, long after)
    {
        using var session = reader.Rent();
        using var row = session.Read(
            "SELECT ordinal, email, attempts, uncertain, detail FROM recipient WHERE job = $1 AND ordinal >= $2 AND state = 0 ORDER BY ordinal LIMIT $3",
            (long)job.Id, Math.Max(job.NextOrdinal, after + 1), (long)most - _scanned + 1);
        while (row.Read())
        {
            if (_scanned >= most)
                return false;
            var ordinal = (uint)row.GetInt64(0);
            var found = new QueueRow(
                state, job.Id, ordinal, row.GetString(1), row.GetInt32(2), row.GetInt32(3) != 0, job.SinceMs, null, row.IsDBNull(4) ? null : row.GetString(4));
            if (!Look(new QueueCursor(QueueStage.NeverTried, 0, (long)job.Id, ordinal), job, found))
                return false;
        }

        return true;
    }

    private bool Look(QueueCursor place, in QueueJob job, in QueueRow row)
    {
        Pass(place);
        return !filter.Lets(job, nowMs) || !filter.Lets(row.Email, row.Detail, classes) || take(row);
    }

    private void Pass(QueueCursor place)
    {
        _at = place;
        _scanned++;
    }

    private QueueJob? Job(SpoolReadSession session, ulong id)
    {
        if (_jobs.TryGetValue(id, out var known))
            return known;
        using var row = session.Read($"SELECT {JobColumns} FROM job WHERE id = $1", (long)id, nowMs);
        return _jobs[id] = row.Read() ? Read(row) : null;
    }

    /// <summary>Jobs of the account with recipients without an outcome, from an id on.</summary>
    /// <param name="more">What else must be true of the job's row, in SQL.</param>
    private List<QueueJob> Jobs(long first, string more)
    {
        var jobs = new List<QueueJob>();
        if (filter.Job is { } only && (long)only < first)
            return jobs;
        using var session = reader.Rent();
        using var row = session.Read(
            $"""
            SELECT {JobColumns} FROM job WHERE id >= $1 AND id <= $5 AND delivered + bounced + expired + dropped < accepted
              AND {more} AND account = $3 ORDER BY id LIMIT $4
            """,
            filter.Job is { } one ? (long)one : first, nowMs, (long)filter.Account, JobsAtOnce, filter.Job is { } last ? (long)last : long.MaxValue);
        while (row.Read())
            jobs.Add(Read(row));
        return jobs;
    }

    private static QueueJob Read(SqliteDataReader row) =>
        new((ulong)row.GetInt64(0), (uint)row.GetInt64(1), row.GetInt64(2), row.GetInt32(3) != 0, (uint)row.GetInt64(4));
}
