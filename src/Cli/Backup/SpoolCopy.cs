using Delivery.Contracts;
using Microsoft.Data.Sqlite;

namespace Delivery.Cli.Backup;

/// <summary>The spool's file as a backup has it.</summary>
internal static class SpoolCopy
{
    private const string Unfinished = "(delivered + bounced + expired + dropped < accepted OR started_ms IS NULL)";

    /// <summary>
    /// Copies the spool as it is at one moment, with SQLite's own online backup: the Mta goes on writing meanwhile, into a log that grows
    /// until the copy is done. Returns the unfinished jobs and their recipients without an outcome.
    /// </summary>
    /// <exception cref="LaunchException">The spool cannot be read, or an older version made it.</exception>
    public static (long Jobs, long Recipients) Make(string spool, string copy)
    {
        SQLitePCL.Batteries_V2.Init();
        try
        {
            using (var source = Open(spool, SqliteOpenMode.ReadWrite))
            using (var target = Open(copy, SqliteOpenMode.ReadWriteCreate))
            {
                source.BackupDatabase(target);
            }

            using var made = Open(copy, SqliteOpenMode.ReadWrite);
            if (Number(made, "SELECT count(*) FROM pragma_table_info('job') WHERE name = 'held'") == 0)
                throw new LaunchException($"the spool {spool} is of an older version: start the programs on it once, then back it up");
            return (
                Number(made, $"SELECT count(*) FROM job WHERE {Unfinished}"),
                Number(made, "SELECT coalesce(sum(accepted - delivered - bounced - expired - dropped), 0) FROM job"));
        }
        catch (SqliteException e)
        {
            throw new LaunchException($"the spool {spool} cannot be copied: {e.Message}", ExitCodes.Failure);
        }
    }

    /// <summary>
    /// Makes a copy fit to be a spool again. It numbers its events as another producer, since Redis and ClickHouse may know numbers that the
    /// copy would use again; and it holds unfinished jobs unless <paramref name="resume"/>, since their mail may have gone out after the
    /// copy was made. Returns how many it holds.
    /// </summary>
    public static long Revive(string copy, bool resume)
    {
        SQLitePCL.Batteries_V2.Init();
        using var spool = Open(copy, SqliteOpenMode.ReadWrite);
        using var transaction = spool.BeginTransaction(deferred: false);
        Run(spool, "DELETE FROM producer");

        // From 1 again, so that the new producer begins where Redis expects one to. By way of negative numbers: no two rows meet on their way.
        Run(spool, "CREATE TEMP TABLE shift AS SELECT shard, min(first) - 1 AS less FROM outbox GROUP BY shard");
        Run(spool, "UPDATE outbox SET first = (SELECT less FROM shift WHERE shift.shard = outbox.shard) - first");
        Run(spool, "UPDATE outbox SET first = -first");
        Run(spool, "DELETE FROM outbox_next");
        Run(spool, "INSERT INTO outbox_next (shard, number) SELECT shard, max(first + count) FROM outbox GROUP BY shard");
        var held = resume ? 0 : Run(spool, $"UPDATE job SET held = 1 WHERE held = 0 AND {Unfinished}");
        transaction.Commit();
        return held;
    }

    /// <summary>
    /// Takes those who were erased after the copy was made out of its recipients once more, as the Mta does it: a row without a key is dropped when it is its
    /// turn. Rejections and answers are known by address only and stay. Returns the rows.
    /// </summary>
    public static int Erase(string copy, IReadOnlyList<RecipientKey> erased)
    {
        using var spool = Open(copy, SqliteOpenMode.ReadWrite);
        var rows = 0;
        using (var transaction = spool.BeginTransaction(deferred: false))
        {
            Run(spool, "CREATE TEMP TABLE erased (key BLOB PRIMARY KEY) WITHOUT ROWID");
            using (var add = spool.CreateCommand())
            {
                add.CommandText = "INSERT OR IGNORE INTO erased (key) VALUES ($1)";
                var key = add.Parameters.Add("$1", SqliteType.Blob);
                foreach (var one in erased)
                {
                    key.Value = one.ToBytes();
                    add.ExecuteNonQuery();
                }
            }

            rows = Run(
                spool,
                """
                UPDATE recipient SET email = 'erased@erased.invalid', name = NULL, upstream_id = NULL, key = zeroblob(16), substitution_data = NULL, metadata = NULL,
                  detail = NULL WHERE key IN (SELECT key FROM erased)
                """);
            transaction.Commit();
        }

        if (rows > 0)
            Run(spool, "VACUUM");
        return rows;
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        return connection;
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static int Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }
}
