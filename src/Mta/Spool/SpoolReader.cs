using System.Collections.Concurrent;
using Delivery.Contracts;
using Delivery.Contracts.Suppressions;
using Delivery.Mta.Lanes;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Spool;

/// <summary>Reads what was committed, on connections of its own beside the writer. Thread-safe.</summary>
internal sealed class SpoolReader(SpoolDatabase database) : IDisposable
{
    private const string RecipientColumns =
        "(SELECT account FROM job WHERE id = recipient.job), recipient.job, recipient.ordinal, state, attempts, losses, uncertain, email, name, upstream_id, variant, key, substitution_data, metadata";

    private const string BareColumns =
        "(SELECT account FROM job WHERE id = recipient.job), recipient.job, recipient.ordinal, state, attempts, losses, uncertain, email, NULL, NULL, NULL, key, NULL, NULL";

    private const string UnfinishedColumns =
        """
        id, account, next_ordinal, accepted, accepted - delivered - bounced - expired - dropped, transactional, held, not_before_ms, expires_ms, max_rate,
        (SELECT min(due_ms) FROM retry WHERE retry.job = job.id)
        """;

    private const int KeysAtOnce = 10_000;

    private readonly ConcurrentQueue<SpoolReadSession> _free = [];

    public SpooledJob? Job(ulong id)
    {
        using var session = Rent();
        using var row = session.Read(
            """
            SELECT account, created_ms, campaign_id, return_path, content, options, substitution_data, metadata, started_ms,
              transactional, not_before_ms, expires_ms, max_rate
            FROM job JOIN job_content ON job_content.job = job.id WHERE job.id = $1
            """,
            (long)id);
        if (!row.Read())
            return null;
        return new SpooledJob
        {
            Id = id,
            Account = (uint)row.GetInt64(0),
            CreatedMs = row.GetInt64(1),
            CampaignId = row.GetString(2),
            ReturnPath = Text(row, 3),
            Content = row.GetFieldValue<byte[]>(4),
            Options = row.GetFieldValue<byte[]>(5),
            SubstitutionData = row.GetFieldValue<byte[]>(6),
            Metadata = row.GetFieldValue<byte[]>(7),
            IsOpen = row.IsDBNull(8),
            StartedMs = Number(row, 8),
            Transactional = row.GetInt64(9) != 0,
            NotBeforeMs = Number(row, 10),
            ExpiresMs = Number(row, 11),
            MaxRate = row.IsDBNull(12) ? null : row.GetDouble(12),
        };
    }

    /// <summary>Null where the account has no such job.</summary>
    public JobProgress? Progress(uint account, ulong id)
    {
        using var session = Rent();
        using var row = session.Read(
            """
            SELECT accepted, deferred, delivered, bounced, expired, dropped, uncertain, campaign_id, created_ms, started_ms, lines, rejected,
              held, transactional, not_before_ms, expires_ms, finished_ms
            FROM job WHERE id = $1 AND account = $2
            """,
            (long)id, (long)account);
        if (!row.Read())
            return null;
        var counts = new JobCounts(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6));
        return new JobProgress(counts, row.GetString(7), row.GetInt64(8), row.IsDBNull(9), Number(row, 10), row.GetInt64(11))
        {
            Hold = (JobHold)row.GetByte(12),
            Transactional = row.GetInt64(13) != 0,
            NotBeforeMs = Number(row, 14),
            ExpiresMs = Number(row, 15),
            FinishedMs = Number(row, 16),
        };
    }

    /// <summary>The options of a job as they were submitted, a JSON object; an empty one where there is no such job.</summary>
    public byte[] Options(ulong id)
    {
        using var session = Rent();
        using var row = session.Read("SELECT options FROM job_content WHERE job = $1", (long)id);
        return row.Read() ? row.GetFieldValue<byte[]>(0) : "{}"u8.ToArray();
    }

    /// <summary>Suppressions that Redis may not have yet, behind a number, in order.</summary>
    public List<DueSuppression> SuppressionsDue(long after, int limit)
    {
        var due = new List<DueSuppression>();
        using var session = Rent();
        using var row = session.Read("SELECT id, account, key, reason, time_ms FROM suppression_due WHERE id > $1 ORDER BY id LIMIT $2", after, limit);
        while (row.Read())
        {
            due.Add(new DueSuppression(
                row.GetInt64(0), (uint)row.GetInt64(1), RecipientKey.Read(row.GetFieldValue<byte[]>(2)), (SuppressionReason)row.GetInt64(3), row.GetInt64(4)));
        }

        return due;
    }

    public IdempotentAnswer? Answer(uint account, string key, long notBeforeMs)
    {
        using var session = Rent();
        using var row = session.Read(
            "SELECT body_hash, response FROM idempotency WHERE account = $1 AND key = $2 AND created_ms >= $3",
            (long)account, key, notBeforeMs);
        return row.Read() ? new IdempotentAnswer(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>Jobs that are being filled with an audience of another one.</summary>
    public List<ulong> FollowUps()
    {
        var jobs = new List<ulong>();
        using var session = Rent();
        using var row = session.Read("SELECT job FROM follow_up ORDER BY job");
        while (row.Read())
            jobs.Add((ulong)row.GetInt64(0));
        return jobs;
    }

    /// <summary>Recipients that the account has had taken on a day (<see cref="AccountCaps.Day"/>).</summary>
    public long CountOfDay(uint account, long day)
    {
        using var session = Rent();
        using var row = session.Read("SELECT recipients FROM account_day WHERE account = $1 AND day = $2", (long)account, day);
        return row.Read() ? row.GetInt64(0) : 0;
    }

    /// <summary>Started jobs with recipients that have no outcome, oldest first.</summary>
    public List<UnfinishedJob> Unfinished()
    {
        var jobs = new List<UnfinishedJob>();
        using var session = Rent();
        using var row = session.Read(
            $"SELECT {UnfinishedColumns} FROM job WHERE started_ms IS NOT NULL AND delivered + bounced + expired + dropped < accepted ORDER BY id");
        while (row.Read())
            jobs.Add(ReadUnfinished(row));
        return jobs;
    }

    /// <summary>Null where the job is open, finished or not there.</summary>
    public UnfinishedJob? Unfinished(ulong id)
    {
        using var session = Rent();
        using var row = session.Read(
            $"SELECT {UnfinishedColumns} FROM job WHERE id = $1 AND started_ms IS NOT NULL AND delivered + bounced + expired + dropped < accepted", (long)id);
        return row.Read() ? ReadUnfinished(row) : null;
    }

    /// <summary>Recipients of a job from <paramref name="first"/> to before <paramref name="end"/>, in order.</summary>
    public List<SpooledRecipient> Recipients(ulong job, uint first, uint end)
    {
        using var session = Rent();
        using var row = session.Read(
            $"SELECT {RecipientColumns}, NULL FROM recipient WHERE job = $1 AND ordinal >= $2 AND ordinal < $3 ORDER BY ordinal",
            (long)job, (long)first, (long)end);
        return ReadRecipients(row);
    }

    /// <summary>The same without their data: enough to end them.</summary>
    public List<SpooledRecipient> BareRecipients(ulong job, uint first, uint end)
    {
        using var session = Rent();
        using var row = session.Read(
            $"SELECT {BareColumns}, NULL FROM recipient WHERE job = $1 AND ordinal >= $2 AND ordinal < $3 ORDER BY ordinal", (long)job, (long)first, (long)end);
        return ReadRecipients(row);
    }

    public SpooledRecipient? Recipient(ulong job, uint ordinal) =>
        Recipients(job, ordinal, ordinal + 1) is [var found] ? found : null;

    /// <summary>Hands over the key of each recipient of a job in the order of their ordinals, without holding them all.</summary>
    public void Keys(ulong job, Action<RecipientKey> take)
    {
        var next = 0L;
        while (true)
        {
            using var session = Rent();
            using var row = session.Read("SELECT ordinal, key FROM recipient WHERE job = $1 AND ordinal >= $2 ORDER BY ordinal LIMIT $3", (long)job, next, KeysAtOnce);
            var before = next;
            while (row.Read())
            {
                take(RecipientKey.Read(row.GetFieldValue<byte[]>(1)));
                next = row.GetInt64(0) + 1;
            }

            if (next - before < KeysAtOnce)
                return;
        }
    }

    /// <summary>
    /// Looks through at most <paramref name="scan"/> recipients of a job from an ordinal on, and takes up to <paramref name="limit"/> of those asked for.
    /// </summary>
    /// <param name="state">Null for any.</param>
    public RecipientPage Page(ulong job, long first, RecipientState? state, bool? uncertain, int limit, int scan)
    {
        var found = new List<RecipientStanding>();
        var looked = 0;
        var next = first;
        using var session = Rent();
        using var row = session.Read(
            "SELECT ordinal, state, uncertain, attempts, email, name, upstream_id, variant, detail FROM recipient WHERE job = $1 AND ordinal >= $2 ORDER BY ordinal LIMIT $3",
            (long)job, first, scan);
        while (found.Count < limit && row.Read())
        {
            looked++;
            next = row.GetInt64(0) + 1;
            var itsState = (RecipientState)row.GetByte(1);
            var itsUncertain = row.GetInt32(2) != 0;
            if ((state is { } wanted && wanted != itsState) || (uncertain is { } either && either != itsUncertain))
                continue;
            found.Add(new RecipientStanding(row.GetInt64(0), itsState, itsUncertain, row.GetInt32(3), row.GetString(4), Text(row, 5), Text(row, 6), Text(row, 7), Text(row, 8)));
        }

        return new RecipientPage(found, found.Count == limit || looked == scan ? next : null);
    }

    /// <summary>A job's rejections behind a line, in order, up to <paramref name="limit"/>.</summary>
    public List<Rejection> Rejections(ulong job, long after, int limit)
    {
        var rejections = new List<Rejection>();
        using var session = Rent();
        using var row = session.Read("SELECT line, email, reason FROM rejection WHERE job = $1 AND line > $2 ORDER BY line LIMIT $3", (long)job, after, limit);
        while (row.Read())
            rejections.Add(new Rejection(row.GetInt64(0), Text(row, 1), row.GetString(2)));
        return rejections;
    }

    /// <summary>Up to <paramref name="limit"/> recipients of a job whose attempt is due by <paramref name="nowMs"/> and not claimed, longest due first.</summary>
    public List<SpooledRecipient> Due(ulong job, long nowMs, int limit) => Waiting(RecipientColumns, job, nowMs, limit);

    /// <summary>Up to <paramref name="limit"/> recipients of a job that wait for another attempt, whenever it is due, without their data.</summary>
    public List<SpooledRecipient> BareWaiting(ulong job, int limit) => Waiting(BareColumns, job, long.MaxValue, limit);

    /// <summary>When the first attempt of a job's that is not claimed is due behind <paramref name="afterMs"/>; <see cref="long.MaxValue"/> where none waits.</summary>
    public long NextDueMs(ulong job, long afterMs)
    {
        using var session = Rent();
        using var row = session.Read("SELECT due_ms FROM retry WHERE job = $1 AND due_ms > $2 AND claimed = 0 ORDER BY due_ms LIMIT 1", (long)job, afterMs);
        return row.Read() ? row.GetInt64(0) : long.MaxValue;
    }

    /// <summary>A shard's events from number <paramref name="from"/> on, in order, up to <paramref name="limit"/> entries.</summary>
    public List<NumberedEntry> Outbox(int shard, ulong from, int limit)
    {
        var entries = new List<NumberedEntry>();
        using var session = Rent();
        using var row = session.Read(
            "SELECT first, count, records FROM outbox WHERE shard = $1 AND first >= $2 ORDER BY first LIMIT $3",
            shard, (long)from, limit);
        while (row.Read())
            entries.Add(new NumberedEntry((ulong)row.GetInt64(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2)));
        return entries;
    }

    /// <summary>Events in a shard's outbox from number <paramref name="from"/> on.</summary>
    public long Unpublished(int shard, ulong from)
    {
        using var session = Rent();
        using var row = session.Read("SELECT coalesce(sum(count), 0) FROM outbox WHERE shard = $1 AND first >= $2", shard, (long)from);
        row.Read();
        return row.GetInt64(0);
    }

    /// <summary>Replies that no rule knows, the most frequent first.</summary>
    public List<CountedReply> UnknownReplies(int limit)
    {
        var replies = new List<CountedReply>();
        using var session = Rent();
        using var row = session.Read("SELECT code, enhanced, text, count, first_ms, last_ms FROM unknown_reply ORDER BY count DESC, last_ms DESC LIMIT $1", limit);
        while (row.Read())
            replies.Add(new CountedReply(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)));
        return replies;
    }

    public void Dispose()
    {
        while (_free.TryDequeue(out var session))
            session.Close();
    }

    private List<SpooledRecipient> Waiting(string columns, ulong job, long nowMs, int limit)
    {
        using var session = Rent();
        using var row = session.Read(
            $"""
            SELECT {columns}, due_ms FROM retry CROSS JOIN recipient ON recipient.job = retry.job AND recipient.ordinal = retry.ordinal
            WHERE retry.job = $1 AND due_ms <= $2 AND claimed = 0 AND state <= 1 ORDER BY due_ms LIMIT $3
            """,
            (long)job, nowMs, limit);
        return ReadRecipients(row);
    }

    private static UnfinishedJob ReadUnfinished(SqliteDataReader row) =>
        new(
            (ulong)row.GetInt64(0), (uint)row.GetInt64(1), (uint)row.GetInt64(2), (uint)row.GetInt64(3), row.GetInt64(4), row.GetInt64(5) != 0,
            (JobHold)row.GetByte(6), Number(row, 7) ?? 0, Number(row, 8) ?? long.MaxValue, row.IsDBNull(9) ? null : row.GetDouble(9), Number(row, 10) ?? long.MaxValue);

    private static List<SpooledRecipient> ReadRecipients(SqliteDataReader row)
    {
        var recipients = new List<SpooledRecipient>();
        while (row.Read())
        {
            recipients.Add(new SpooledRecipient
            {
                Account = (uint)row.GetInt64(0),
                Job = (ulong)row.GetInt64(1),
                Ordinal = (uint)row.GetInt64(2),
                State = (RecipientState)row.GetByte(3),
                Attempts = (ushort)row.GetInt32(4),
                Losses = (ushort)row.GetInt32(5),
                Uncertain = row.GetInt32(6) != 0,
                Email = row.GetString(7),
                Name = Text(row, 8),
                UpstreamId = Text(row, 9),
                Variant = Text(row, 10),
                Key = RecipientKey.Read(row.GetFieldValue<byte[]>(11)),
                SubstitutionData = Bytes(row, 12),
                Metadata = Bytes(row, 13),
                RetryDueMs = Number(row, 14),
            });
        }

        return recipients;
    }

    private static long? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static byte[]? Bytes(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    /// <summary>A connection for queries of one's own; the caller disposes of it.</summary>
    public SpoolReadSession Rent() => _free.TryDequeue(out var session) ? session : new SpoolReadSession(database.Open(readOnly: true), _free);
}
