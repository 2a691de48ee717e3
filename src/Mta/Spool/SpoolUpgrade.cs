using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Spool;

/// <summary>Brings a spool that an earlier version made to today's tables, whole or not at all.</summary>
internal static class SpoolUpgrade
{
    /// <summary>Content moves out of the jobs' rows, jobs can be open, rejections are kept.</summary>
    private const string FromVersion1 = """
        CREATE TABLE job_content (
          job INTEGER PRIMARY KEY,
          content BLOB NOT NULL,
          options BLOB NOT NULL,
          substitution_data BLOB NOT NULL,
          metadata BLOB NOT NULL
        );
        INSERT INTO job_content SELECT id, content, options, substitution_data, metadata FROM job;
        DROP INDEX job_unclaimed;
        ALTER TABLE job DROP COLUMN content;
        ALTER TABLE job DROP COLUMN options;
        ALTER TABLE job DROP COLUMN substitution_data;
        ALTER TABLE job DROP COLUMN metadata;
        ALTER TABLE job ADD COLUMN started_ms INTEGER;
        ALTER TABLE job ADD COLUMN lines INTEGER;
        ALTER TABLE job ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0;
        UPDATE job SET started_ms = created_ms;
        PRAGMA user_version = 2;
        """;

    /// <summary>Jobs can be held, urgent, planned and limited in time, and say when they were finished. New tables come with the schema.</summary>
    private const string FromVersion2 = """
        ALTER TABLE job ADD COLUMN transactional INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE job ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE job ADD COLUMN not_before_ms INTEGER;
        ALTER TABLE job ADD COLUMN expires_ms INTEGER;
        ALTER TABLE job ADD COLUMN finished_ms INTEGER;
        UPDATE job SET finished_ms = $1 WHERE started_ms IS NOT NULL AND delivered + bounced + expired + dropped = accepted;
        PRAGMA user_version = 3;
        """;

    /// <summary>Retries are kept by job and stay while they are tried; jobs know how far they are settled, and their rate.</summary>
    private const string FromVersion3 = """
        ALTER TABLE job ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE job ADD COLUMN max_rate REAL;
        DROP INDEX IF EXISTS job_unclaimed;
        CREATE TABLE retry_by_job (
          job INTEGER NOT NULL,
          due_ms INTEGER NOT NULL,
          ordinal INTEGER NOT NULL,
          claimed INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (job, due_ms, ordinal)
        ) WITHOUT ROWID;
        INSERT INTO retry_by_job (job, due_ms, ordinal) SELECT job, due_ms, ordinal FROM retry;
        DROP TABLE retry;
        ALTER TABLE retry_by_job RENAME TO retry;
        PRAGMA user_version = 4;
        """;

    /// <param name="version">1 to 3.</param>
    /// <param name="nowMs">Taken as the time when jobs that are finished were.</param>
    public static void From(int version, SqliteConnection connection, long nowMs)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        if (version == 1)
            Run(connection, transaction, FromVersion1, nowMs);
        if (version <= 2)
            Run(connection, transaction, FromVersion2, nowMs);
        Run(connection, transaction, FromVersion3, nowMs);
        transaction.Commit();
    }

    private static void Run(SqliteConnection connection, SqliteTransaction transaction, string sql, long nowMs)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.Parameters.AddWithValue("$1", nowMs);
        command.ExecuteNonQuery();
    }
}
