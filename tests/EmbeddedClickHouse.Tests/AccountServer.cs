using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Delivery.Testing;

namespace Delivery.EmbeddedClickHouse.Tests;

/// <summary>An engine with rows of two accounts, and readers of each and of all.</summary>
public sealed class AccountServer : IAsyncLifetime
{
    /// <summary>Stands in each row that a reader of account 7 must not see.</summary>
    public const string Foreign = "of-account-eight";

    private const string Password = "password-of-tests";

    public ClickHouseProcess Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ClickHouseProcess.StartAsync(
            null, "--EmbeddedClickHouse:Readers:0:Name=seven", $"--EmbeddedClickHouse:Readers:0:Password={Password}", "--EmbeddedClickHouse:Readers:0:Account=7",
            "--EmbeddedClickHouse:Readers:1:Name=eight", $"--EmbeddedClickHouse:Readers:1:Password={Password}", "--EmbeddedClickHouse:Readers:1:Account=8",
            "--EmbeddedClickHouse:Readers:2:Name=all", $"--EmbeddedClickHouse:Readers:2:Password={Password}",
            "--EmbeddedClickHouse:AccountTables:0=d.t", "--EmbeddedClickHouse:AccountTables:1=d.sums",
            "--EmbeddedClickHouse:AccountViews:0=d.v", "--EmbeddedClickHouse:AccountViews:1=d.vp");
        foreach (var sql in new[]
        {
            "CREATE DATABASE d", "CREATE TABLE d.t (account UInt32, s String) ENGINE = MergeTree ORDER BY account",
            "CREATE TABLE d.sums (account UInt32, s String, n SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree ORDER BY (account, s)",
            "CREATE MATERIALIZED VIEW d.mv TO d.sums AS SELECT account, s, count() AS n FROM d.t GROUP BY account, s",
            "CREATE VIEW d.v AS SELECT account, s, n FROM d.sums FINAL JOIN d.t USING (account, s)",
            "CREATE VIEW d.vp AS SELECT * FROM d.t WHERE account = {account:UInt32}",
            "CREATE TABLE d.over (account UInt32, s String) ENGINE = Merge(d, '^t$')",
            "CREATE TABLE d.unlisted (account UInt32, s String) ENGINE = MergeTree ORDER BY account",
            "CREATE TABLE d.joined (account UInt32, s String) ENGINE = Join(ANY, LEFT, account)",
            "CREATE DICTIONARY d.words (account UInt64, s String) PRIMARY KEY account SOURCE(CLICKHOUSE(TABLE 'unlisted' DB 'd')) LAYOUT(FLAT()) LIFETIME(0)",
            "CREATE FUNCTION front_secret AS () -> (SELECT any(s) FROM d.unlisted)",
        })
        {
            await Server.QueryAsync(sql);
        }

        foreach (var table in new[] { "t", "unlisted", "joined" })
            await Server.QueryAsync($"INSERT INTO d.{table} VALUES (7, 'of-account-seven'), (8, '{Foreign}')");
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public async Task<(HttpStatusCode Status, string Text)> AskAsync(string user, string sql, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/?" + query) { Content = new StringContent(sql) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":" + Password)));
        using var response = await Server.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
