using Delivery.Mta.Spool;
using Delivery.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Tests.Spool;

/// <summary>A spool of version 1 is taken over with all that waits in it.</summary>
public sealed class SpoolUpgradeTests : IDisposable
{
    private const string Version1 = """
        CREATE TABLE producer (id INTEGER NOT NULL);
        INSERT INTO producer VALUES (77);
        CREATE TABLE job (
          id INTEGER PRIMARY KEY, account INTEGER NOT NULL, created_ms INTEGER NOT NULL, campaign_id TEXT NOT NULL, return_path TEXT,
          content BLOB NOT NULL, options BLOB NOT NULL, substitution_data BLOB NOT NULL, metadata BLOB NOT NULL,
          accepted INTEGER NOT NULL, next_ordinal INTEGER NOT NULL DEFAULT 0, deferred INTEGER NOT NULL DEFAULT 0, delivered INTEGER NOT NULL DEFAULT 0,
          bounced INTEGER NOT NULL DEFAULT 0, expired INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0, uncertain INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX job_unclaimed ON job (id) WHERE next_ordinal < accepted;
        CREATE INDEX job_open ON job (id) WHERE delivered + bounced + expired + dropped < accepted;
        CREATE TABLE recipient (
          job INTEGER NOT NULL, ordinal INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, losses INTEGER NOT NULL DEFAULT 0,
          uncertain INTEGER NOT NULL DEFAULT 0, email TEXT NOT NULL, name TEXT, upstream_id TEXT, variant TEXT, key BLOB NOT NULL,
          substitution_data BLOB, metadata BLOB, detail TEXT, PRIMARY KEY (job, ordinal)) WITHOUT ROWID;
        CREATE TABLE retry (due_ms INTEGER NOT NULL, job INTEGER NOT NULL, ordinal INTEGER NOT NULL, PRIMARY KEY (due_ms, job, ordinal)) WITHOUT ROWID;
        CREATE TABLE outbox (shard INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, records BLOB NOT NULL, PRIMARY KEY (shard, first));
        CREATE TABLE outbox_next (shard INTEGER PRIMARY KEY, number INTEGER NOT NULL);
        CREATE TABLE idempotency (
          account INTEGER NOT NULL, key TEXT NOT NULL, body_hash BLOB NOT NULL, response BLOB NOT NULL, created_ms INTEGER NOT NULL, PRIMARY KEY (account, key)) WITHOUT ROWID;
        CREATE INDEX idempotency_created ON idempotency (created_ms);
        INSERT INTO job (id, account, created_ms, campaign_id, return_path, content, options, substitution_data, metadata, accepted, next_ordinal, delivered)
          VALUES (1, 7, 1000, 'spring', NULL, x'7b2261223a317d', x'7b7d', x'7b2262223a327d', x'7b7d', 3, 2, 1),
                 (2, 7, 2000, 'done', 'b@c.example', x'7b7d', x'7b7d', x'7b7d', x'7b7d', 1, 1, 1);
        INSERT INTO recipient (job, ordinal, state, email, key) VALUES
          (1, 0, 2, 'a@b.example', x'00000000000000010000000000000001'), (1, 1, 0, 'b@b.example', x'00000000000000010000000000000002'),
          (1, 2, 0, 'c@b.example', x'00000000000000010000000000000003'), (2, 0, 2, 'd@b.example', x'00000000000000010000000000000004');
        INSERT INTO outbox VALUES (0, 1, 4, x'01');
        INSERT INTO outbox_next VALUES (0, 5);
        PRAGMA user_version = 1;
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Jobs_of_version_1_are_started_ones_and_lose_nothing()
    {
        Make(Version1);
        for (var start = 0; start < 2; start++)
        {
            using var database = Open();
            using var reader = new SpoolReader(database);
            await using var writer = new SpoolWriter(database, new Delivery.Mta.Telemetry.BusyTimes());

            Assert.Equal(77UL, database.Producer);
            Assert.Equal(2, writer.OpenRecipients);
            var unfinished = Assert.Single(reader.Unfinished());
            Assert.Equal((1UL, 2U, 3U, 2L), (unfinished.Id, unfinished.Next, unfinished.Accepted, unfinished.Open));
            var job = reader.Job(1)!;
            Assert.Equal("{\"a\":1}"u8, job.Content);
            Assert.Equal("{\"b\":2}"u8, job.SubstitutionData);
            Assert.Equal((false, (long?)1000), (job.IsOpen, job.StartedMs));
            Assert.Equal("b@c.example", reader.Job(2)!.ReturnPath);
            var progress = reader.Progress(7, 1)!;
            Assert.Equal((3, 1, (long?)null, 0), (progress.Counts.Accepted, progress.Counts.Delivered, progress.Lines, progress.Rejected));
            Assert.Equal(3, reader.Recipients(1, 0, 10).Count);
            Assert.Equal(4, Assert.Single(reader.Outbox(0, 1, 10)).Count);
            var requeue = new RequeueInFlight(5);
            await writer.CommitAsync(requeue);
            Assert.Equal(start == 0 ? 1 : 0, requeue.Found);
        }
    }

    [Fact]
    public void A_newer_spool_is_refused_in_one_line()
    {
        Make("PRAGMA user_version = 99");

        Assert.Contains("version 99", Assert.Throws<InvalidOperationException>(() => Open().Dispose()).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private SpoolDatabase Open() => new(Options.Create(new MtaOptions { Spool = _folder.File("spool") }), TimeProvider.System);

    private void Make(string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        Directory.CreateDirectory(_folder.File("spool"));
        using var connection = new SqliteConnection($"Data Source={_folder.File("spool/spool.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
