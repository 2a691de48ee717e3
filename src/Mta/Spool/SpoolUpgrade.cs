using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Spool;

/// <summary>Brings a spool that an earlier version made to today's tables, whole or not at all.</summary>
internal static class SpoolUpgrade
{
    /// <summary>From version 1: content moves out of the jobs' rows, jobs can be open, rejections are kept.</summary>
    public static void FromVersion1(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = """
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
        command.ExecuteNonQuery();
        transaction.Commit();
    }
}
