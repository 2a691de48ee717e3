using Delivery.Contracts;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Spool;

/// <summary>Reads what was committed, on connections of its own beside the writer. Thread-safe.</summary>
internal sealed class SpoolReader(SpoolDatabase database)
{
    private const string RecipientColumns =
        "(SELECT account FROM job WHERE id = recipient.job), job, ordinal, state, attempts, losses, uncertain, email, name, upstream_id, variant, key, substitution_data, metadata";

    public SpooledJob? Job(ulong id)
    {
        using var connection = database.Open(readOnly: true);
        using var command = Command(
            connection,
            "SELECT account, created_ms, campaign_id, return_path, content, options, substitution_data, metadata FROM job WHERE id = $1",
            (long)id);
        using var row = command.ExecuteReader();
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
        };
    }

    /// <summary>Null where the account has no such job.</summary>
    public (JobCounts Counts, string CampaignId, long CreatedMs)? Counts(uint account, ulong id)
    {
        using var connection = database.Open(readOnly: true);
        using var command = Command(
            connection,
            """
            SELECT accepted, deferred, delivered, bounced, expired, dropped, uncertain, campaign_id, created_ms
            FROM job WHERE id = $1 AND account = $2
            """,
            (long)id, (long)account);
        using var row = command.ExecuteReader();
        if (!row.Read())
            return null;
        var counts = new JobCounts(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6));
        return (counts, row.GetString(7), row.GetInt64(8));
    }

    public IdempotentAnswer? Answer(uint account, string key, long notBeforeMs)
    {
        using var connection = database.Open(readOnly: true);
        using var command = Command(
            connection,
            "SELECT body_hash, response FROM idempotency WHERE account = $1 AND key = $2 AND created_ms >= $3",
            (long)account, key, notBeforeMs);
        using var row = command.ExecuteReader();
        return row.Read() ? new IdempotentAnswer(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>Jobs with recipients that were never claimed, oldest first.</summary>
    public List<(ulong Job, uint Next, uint Accepted)> Unclaimed()
    {
        var jobs = new List<(ulong, uint, uint)>();
        using var connection = database.Open(readOnly: true);
        using var command = Command(connection, "SELECT id, next_ordinal, accepted FROM job WHERE next_ordinal < accepted ORDER BY id");
        using var row = command.ExecuteReader();
        while (row.Read())
            jobs.Add(((ulong)row.GetInt64(0), (uint)row.GetInt64(1), (uint)row.GetInt64(2)));
        return jobs;
    }

    /// <summary>Recipients that have no outcome yet, over all jobs.</summary>
    public long Open()
    {
        using var connection = database.Open(readOnly: true);
        using var command = Command(
            connection,
            "SELECT coalesce(sum(accepted - delivered - bounced - expired - dropped), 0) FROM job WHERE delivered + bounced + expired + dropped < accepted");
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Recipients of a job from <paramref name="first"/> to before <paramref name="end"/>, in order.</summary>
    public List<SpooledRecipient> Recipients(ulong job, uint first, uint end)
    {
        using var connection = database.Open(readOnly: true);
        using var command = Command(
            connection,
            $"SELECT {RecipientColumns} FROM recipient WHERE job = $1 AND ordinal >= $2 AND ordinal < $3 ORDER BY ordinal",
            (long)job, (long)first, (long)end);
        return ReadRecipients(command);
    }

    public SpooledRecipient? Recipient(ulong job, uint ordinal) =>
        Recipients(job, ordinal, ordinal + 1) is [var found] ? found : null;

    /// <summary>Up to <paramref name="limit"/> recipients whose attempt is due by <paramref name="nowMs"/>, longest due first.</summary>
    public List<DueRecipient> Due(long nowMs, int limit)
    {
        var due = new List<DueRecipient>();
        using var connection = database.Open(readOnly: true);
        using var command = Command(
            connection, "SELECT due_ms, job, ordinal FROM retry WHERE due_ms <= $1 ORDER BY due_ms LIMIT $2", nowMs, limit);
        using var row = command.ExecuteReader();
        while (row.Read())
            due.Add(new DueRecipient(row.GetInt64(0), (ulong)row.GetInt64(1), (uint)row.GetInt64(2)));
        return due;
    }

    /// <summary>When the next attempt is due, or null where none waits.</summary>
    public long? NextDueMs()
    {
        using var connection = database.Open(readOnly: true);
        using var command = Command(connection, "SELECT min(due_ms) FROM retry");
        return command.ExecuteScalar() as long?;
    }

    /// <summary>A shard's events from number <paramref name="from"/> on, in order, up to <paramref name="limit"/> entries.</summary>
    public List<NumberedEntry> Outbox(int shard, ulong from, int limit)
    {
        var entries = new List<NumberedEntry>();
        using var connection = database.Open(readOnly: true);
        using var command = Command(
            connection,
            "SELECT first, count, records FROM outbox WHERE shard = $1 AND first >= $2 ORDER BY first LIMIT $3",
            shard, (long)from, limit);
        using var row = command.ExecuteReader();
        while (row.Read())
            entries.Add(new NumberedEntry((ulong)row.GetInt64(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2)));
        return entries;
    }

    /// <summary>Events in a shard's outbox from number <paramref name="from"/> on.</summary>
    public long Unpublished(int shard, ulong from)
    {
        using var connection = database.Open(readOnly: true);
        using var command = Command(connection, "SELECT coalesce(sum(count), 0) FROM outbox WHERE shard = $1 AND first >= $2", shard, (long)from);
        return (long)command.ExecuteScalar()!;
    }

    private static List<SpooledRecipient> ReadRecipients(SqliteCommand command)
    {
        var recipients = new List<SpooledRecipient>();
        using var row = command.ExecuteReader();
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
            });
        }

        return recipients;
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static byte[]? Bytes(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", parameters[i]);
        return command;
    }
}
