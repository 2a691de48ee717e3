using Delivery.Cli.Backup;
using Delivery.Testing;
using Microsoft.Data.Sqlite;

namespace Delivery.Cli.Tests.Backup;

public sealed class SpoolCopyTests : IDisposable
{
    private const string Tables = """
        PRAGMA journal_mode=WAL;
        CREATE TABLE producer (id INTEGER NOT NULL);
        INSERT INTO producer VALUES (7);
        CREATE TABLE job (id INTEGER PRIMARY KEY, accepted INTEGER, delivered INTEGER DEFAULT 0, bounced INTEGER DEFAULT 0, expired INTEGER DEFAULT 0,
          dropped INTEGER DEFAULT 0, started_ms INTEGER, held INTEGER NOT NULL DEFAULT 0);
        INSERT INTO job (id, accepted, delivered, started_ms, held) VALUES (1, 5, 5, 1, 0), (2, 5, 3, 1, 0), (3, 0, 0, NULL, 0), (4, 9, 0, 1, 2), (5, 2, 1, 1, 1);
        CREATE TABLE outbox (shard INTEGER, first INTEGER, count INTEGER, records BLOB, PRIMARY KEY (shard, first));
        INSERT INTO outbox VALUES (0, 101, 3, x'01'), (0, 104, 1, x'02'), (0, 105, 90, x'03'), (0, 195, 2, x'04'), (2, 1, 1, x'05'), (2, 2, 5, x'06');
        CREATE TABLE outbox_next (shard INTEGER PRIMARY KEY, number INTEGER);
        INSERT INTO outbox_next VALUES (0, 197), (1, 50), (2, 7);
        """;

    private readonly TemporaryFolder _folder = new();

    public SpoolCopyTests()
    {
        SQLitePCL.Batteries_V2.Init();
        Query("spool.db", Tables);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_copy_has_what_was_committed_and_counts_what_is_open_while_the_writer_goes_on()
    {
        using var writer = Open("spool.db");
        using var transaction = writer.BeginTransaction(deferred: false);
        Run(writer, "UPDATE job SET delivered = accepted");

        Assert.Equal((4, 12), SpoolCopy.Make(_folder.File("spool.db"), _folder.File("copy.db")));

        transaction.Commit();
        Assert.Equal(["5", "3", "0", "0", "1"], Query("copy.db", "SELECT delivered FROM job ORDER BY id"));
    }

    [Fact]
    public void Revived_it_numbers_as_another_producer_and_holds_what_was_not_finished()
    {
        SpoolCopy.Make(_folder.File("spool.db"), _folder.File("copy.db"));

        Assert.Equal(2, SpoolCopy.Revive(_folder.File("copy.db"), resume: false));

        Assert.Equal(["0", "1", "1", "2", "1"], Query("copy.db", "SELECT held FROM job ORDER BY id"));
        Assert.Empty(Query("copy.db", "SELECT id FROM producer"));
        Assert.Equal(["0|1|3", "0|4|1", "0|5|90", "0|95|2", "2|1|1", "2|2|5"], Query("copy.db", "SELECT shard || '|' || first || '|' || count FROM outbox ORDER BY shard, first"));
        Assert.Equal(["0|97", "2|7"], Query("copy.db", "SELECT shard || '|' || number FROM outbox_next ORDER BY shard"));
    }

    [Fact]
    public void Told_to_resume_it_leaves_every_job_as_it_was()
    {
        SpoolCopy.Make(_folder.File("spool.db"), _folder.File("copy.db"));

        Assert.Equal(0, SpoolCopy.Revive(_folder.File("copy.db"), resume: true));

        Assert.Equal(["0", "0", "0", "2", "1"], Query("copy.db", "SELECT held FROM job ORDER BY id"));
    }

    [Fact]
    public void A_spool_of_an_older_version_is_refused()
    {
        Query("spool.db", "ALTER TABLE job DROP COLUMN held");

        var fault = Assert.Throws<LaunchException>(() => SpoolCopy.Make(_folder.File("spool.db"), _folder.File("copy.db")));

        Assert.Contains("older version", fault.Message, StringComparison.Ordinal);
    }

    private SqliteConnection Open(string name)
    {
        var connection = new SqliteConnection($"Data Source={_folder.File(name)};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private List<string> Query(string name, string sql)
    {
        using var connection = Open(name);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var values = new List<string>();
        while (rows.Read())
            values.Add(rows.GetValue(0).ToString()!);
        return values;
    }
}
