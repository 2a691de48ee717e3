using System.Net;

namespace Delivery.EmbeddedClickHouse.Tests;

/// <summary>What readers of one account see, and what no reader does.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class AccountReaderTests(AccountServer server) : IClassFixture<AccountServer>
{
    private const string Seven = "of-account-seven";

    [Fact]
    public async Task A_reader_sees_the_rows_of_its_account_wherever_they_are_read()
    {
        string[] statements =
        [
            "SELECT s FROM d.t", "SELECT s FROM d.sums FINAL", "SELECT s FROM d.v", "SELECT s FROM d.vp(account = 7)",
            "SELECT s FROM (SELECT * FROM d.t UNION DISTINCT SELECT * FROM d.t)", "WITH x AS (SELECT * FROM d.t) SELECT s FROM x",
            "SELECT s FROM d.t PREWHERE 1", "SELECT s FROM d.t AS a JOIN d.t AS b ON 1", "SELECT s FROM view(SELECT * FROM d.t)", "SELECT max(s) FROM d.t",
            "SELECT b.s FROM numbers(1) AS n CROSS JOIN d.t AS b", "SELECT s FROM d.t WHERE account IN (SELECT account FROM d.t)", "SELECT any(s) FROM d.t GROUP BY ()",
        ];
        foreach (var sql in statements)
        {
            Assert.Equal((sql, HttpStatusCode.OK, Seven + "\n"), Of(sql, await server.AskAsync("seven", sql)));
            if (!sql.Contains("= 7", StringComparison.Ordinal))
                Assert.Equal((sql, HttpStatusCode.OK, AccountServer.Foreign + "\n"), Of(sql, await server.AskAsync("eight", sql)));
        }

        Assert.Equal((HttpStatusCode.OK, "1\n"), await server.AskAsync("seven", "SELECT count() FROM t", "database=d"));
        Assert.Equal((HttpStatusCode.OK, "2\n"), await server.AskAsync("all", "SELECT count() FROM d.t"));
        Assert.Equal((HttpStatusCode.OK, "2\n"), await server.AskAsync("all", "SELECT count() FROM d.unlisted"));
        Assert.Equal("2\t2\t2\n", await server.Server.QueryAsync("SELECT (SELECT count() FROM d.t), (SELECT count() FROM d.v), (SELECT uniqExact(account) FROM d.sums)"));
        Assert.Equal((HttpStatusCode.OK, ""), await server.AskAsync("seven", "SELECT s FROM d.vp(account = 8)"));
    }

    [Theory]
    [InlineData("SELECT s FROM d.t WHERE account = 8 OR 1")]
    [InlineData("SELECT account FROM d.t PREWHERE throwIf(account = 8, 'of-account-eight') = 0")]
    [InlineData("SELECT account FROM d.t WHERE throwIf(account = 8, 'of-account-eight') = 0")]
    [InlineData("SELECT * FROM d.t SETTINGS log_comment = 'x'")]
    [InlineData("SELECT * FROM (SELECT * FROM d.t SETTINGS log_comment = 'front-account-8-')")]
    [InlineData("SELECT * FROM (SELECT * FROM d.t settings/**/log_comment='front-account-8-')")]
    [InlineData("SELECT * FROM (SELECT * FROM d.t SETTINGS max_threads = 1, `log_comment` = 'front-account-8-')")]
    [InlineData("SELECT * FROM (SELECT * FROM d.t SETTINGS `log_comment` = 'front-account-8-')")]
    [InlineData("WITH x AS (SELECT * FROM d.t SETTINGS \"log_comment\" = 'front-account-8-') SELECT * FROM x")]
    [InlineData("SELECT * FROM view(SELECT * FROM d.t SETTINGS log_comment = 'front-account-8-')")]
    [InlineData("SELECT * FROM d.t WHERE account IN (SELECT account FROM d.t SETTINGS log_comment = 'x')")]
    [InlineData("(SELECT * FROM d.t SETTINGS log_comment = 'x') UNION ALL (SELECT * FROM d.t)")]
    [InlineData("SELECT * FROM d.over")]
    [InlineData("SELECT * FROM d.t SETTINGS additional_table_filters = {}, readonly = 0")]
    [InlineData("SET log_comment = 'front-account-8-'")]
    [InlineData("SET ROLE front_admin")]
    [InlineData("SET ROLE front_reader")]
    [InlineData("SET DEFAULT ROLE ALL TO default")]
    [InlineData("EXECUTE AS default SELECT * FROM d.t")]
    [InlineData("SELECT * FROM d.unlisted")]
    [InlineData("SELECT * FROM d.`unlisted`")]
    [InlineData("SELECT * FROM `d`.\"unlisted\"")]
    [InlineData("SELECT * FROM d./**/unlisted")]
    [InlineData("SELECT * FROM d.mv")]
    [InlineData("SELECT * FROM d.joined")]
    [InlineData("SELECT joinGet('d.joined', 's', toUInt32(8))")]
    [InlineData("SELECT dictGet('d.words', 's', 8)")]
    [InlineData("SELECT dictGetOrDefault('d.words', 's', 8, 'x')")]
    [InlineData("SELECT * FROM dictionary('d.words')")]
    [InlineData("SELECT * FROM d.words")]
    [InlineData("SELECT front_secret()")]
    [InlineData("SELECT * FROM merge('d', '.*')")]
    [InlineData("SELECT * FROM merge(REGEXP('.*'), '^t$')")]
    [InlineData("SELECT * FROM mergeTreeIndex('d', 't', with_minmax = true)")]
    [InlineData("SELECT * FROM mergeTreeProjection('d', 't', 'p')")]
    [InlineData("SELECT * FROM loop('d', 't') LIMIT 9")]
    [InlineData("SELECT * FROM viewIfPermitted(SELECT * FROM d.unlisted ELSE null('account UInt32, s String'))")]
    [InlineData("SELECT * FROM view(SELECT * FROM d.unlisted)")]
    [InlineData("SELECT * FROM viewExplain('EXPLAIN', '', (SELECT * FROM d.t))")]
    [InlineData("EXPLAIN SELECT * FROM d.t")]
    [InlineData("EXPLAIN ESTIMATE SELECT * FROM d.t")]
    [InlineData("SELECT * FROM remote('127.0.0.1', 'd', 't')")]
    [InlineData("SELECT * FROM remoteSecure('127.0.0.1', 'd', 't')")]
    [InlineData("SELECT * FROM cluster('default', 'd', 't')")]
    [InlineData("SELECT * FROM clusterAllReplicas('default', 'd', 't')")]
    [InlineData("SELECT (8, 'of-account-' || 'eight') IN d.unlisted")]
    [InlineData("SELECT * FROM system.processes")]
    [InlineData("SELECT * FROM `system`.`processes`")]
    [InlineData("SELECT query FROM system.processes AS p")]
    [InlineData("SELECT 'x' IN system.processes")]
    [InlineData("SELECT * FROM system.query_log")]
    [InlineData("SELECT * FROM system.parts")]
    [InlineData("SELECT * FROM system.tables")]
    [InlineData("SELECT * FROM system.row_policies")]
    [InlineData("SELECT * FROM information_schema.tables")]
    [InlineData("SELECT * FROM INFORMATION_SCHEMA.TABLES")]
    [InlineData("SELECT * FROM merge('system', 'processes')")]
    [InlineData("SHOW PROCESSLIST")]
    [InlineData("SHOW GRANTS")]
    [InlineData("SHOW ACCESS")]
    [InlineData("SHOW CREATE ROW POLICY default ON d.t")]
    [InlineData("DROP ROW POLICY default ON d.t")]
    [InlineData("KILL QUERY WHERE 1")]
    [InlineData("SELECT * FROM d.t; SELECT * FROM d.unlisted")]
    [InlineData("SELECT 1 PARALLEL WITH SELECT * FROM d.unlisted")]
    public async Task No_row_of_another_account_and_no_statement_of_others_is_seen(string sql)
    {
        var (status, text) = await server.AskAsync("seven", sql);
        var shown = text.Replace(sql, "", StringComparison.Ordinal);
        Assert.False(status == HttpStatusCode.OK && shown.Contains(AccountServer.Foreign, StringComparison.Ordinal), text);
        Assert.False(status == HttpStatusCode.OK && !sql.StartsWith("SELECT s FROM d.t", StringComparison.Ordinal) && !sql.StartsWith("SELECT account FROM d.t", StringComparison.Ordinal), text);
        Assert.DoesNotContain("THROW_IF", text);
    }

    [Theory]
    [InlineData("SELECT * FROM {d:Identifier}.{t:Identifier}", "param_d=d&param_t=unlisted")]
    [InlineData("SELECT * FROM {t:Identifier}", "param_t=d.unlisted")]
    [InlineData("SELECT * FROM {d:Identifier}.{t:Identifier}", "param_d=system&param_t=processes")]
    [InlineData("SELECT * FROM processes", "database=system")]
    [InlineData("SELECT * FROM unlisted", "database=d")]
    [InlineData("SELECT * FROM d.t", "additional_table_filters={}")]
    [InlineData("SELECT * FROM d.t", "readonly=0")]
    [InlineData("SELECT * FROM d.t", "use_query_cache=1")]
    [InlineData("SELECT * FROM d.t", "use_query_condition_cache=1")]
    [InlineData("SELECT * FROM d.t", "role=front_admin")]
    [InlineData("SELECT * FROM d.t", "allow_experimental_eval_table_function=1")]
    [InlineData("SELECT * FROM d.t FORMAT CapnProto", "format_schema=/etc/passwd:x")]
    public async Task Neither_parameters_nor_the_url_open_more(string sql, string query)
    {
        var (status, text) = await server.AskAsync("seven", sql, query);
        Assert.False(status == HttpStatusCode.OK, text);
        Assert.DoesNotContain(AccountServer.Foreign, text);
    }

    [Fact]
    public async Task What_one_account_has_read_changes_nothing_for_another()
    {
        const string sql = "SELECT count() FROM d.t WHERE s = 'of-account-eight'";
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal((HttpStatusCode.OK, "0\n"), await server.AskAsync("seven", sql));
            Assert.Equal((HttpStatusCode.OK, "1\n"), await server.AskAsync("eight", sql));
            Assert.Equal((HttpStatusCode.OK, "1\n"), await server.AskAsync("all", sql));
            Assert.Equal("1\n", await server.Server.QueryAsync(sql));
        }
    }

    [Fact]
    public async Task The_comment_of_a_request_cannot_name_another_account()
    {
        foreach (var comment in new[] { "front-account-8-", "|front-account-8-", "%00front-account-8-", "%0Afront-account-8-x" })
            Assert.Equal((HttpStatusCode.OK, Seven + "\n"), await server.AskAsync("seven", "SELECT s FROM d.t", "log_comment=" + comment));
        Assert.Equal((HttpStatusCode.OK, Seven + "\n"), await server.AskAsync("seven", "SELECT s FROM d.t", "session_id=shared-with-nobody"));
    }

    [Theory]
    [InlineData("SELECT * FROM system.processes")]
    [InlineData("SELECT * FROM system.user_processes")]
    [InlineData("SELECT * FROM system.query_log")]
    [InlineData("SELECT * FROM system.stack_trace")]
    [InlineData("SELECT * FROM system.named_collections")]
    [InlineData("SELECT * FROM system.users")]
    [InlineData("SELECT * FROM system.zookeeper WHERE path = '/'")]
    [InlineData("SELECT * FROM system.certificates")]
    [InlineData("SELECT * FROM system.errors")]
    [InlineData("SELECT * FROM merge('system', 'processes')")]
    [InlineData("SELECT 'x' IN system.processes")]
    [InlineData("SELECT * FROM mysql('127.0.0.1:1', 'd', 't', 'u', 'p')")]
    [InlineData("SELECT * FROM postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')")]
    [InlineData("SELECT * FROM sqlite('/tmp/x', 't')")]
    [InlineData("SELECT * FROM mongodb('127.0.0.1:1', 'd', 't', 'u', 'p', 'a String')")]
    [InlineData("SELECT * FROM redis('127.0.0.1:1', 'k', 'k String')")]
    [InlineData("SELECT * FROM hdfs('hdfs://127.0.0.1:1/x', 'CSV', 'a String')")]
    [InlineData("SELECT * FROM azureBlobStorage('http://127.0.0.1:1', 'c', 'b', 'n', 'k')")]
    [InlineData("SELECT * FROM s3('http://127.0.0.1:1/b/k')")]
    [InlineData("SELECT * FROM s3Cluster('default', 'http://127.0.0.1:1/b/k')")]
    [InlineData("SELECT * FROM gcs('http://127.0.0.1:1/b/k')")]
    [InlineData("SELECT * FROM iceberg('http://127.0.0.1:1/b/k')")]
    [InlineData("SELECT * FROM deltaLake('http://127.0.0.1:1/b/k')")]
    [InlineData("SELECT * FROM hudi('http://127.0.0.1:1/b/k')")]
    [InlineData("SELECT * FROM urlCluster('default', 'http://127.0.0.1:1/', 'CSV', 'a String')")]
    [InlineData("SELECT * FROM fileCluster('default', '/etc/passwd', 'LineAsString')")]
    [InlineData("SELECT * FROM jdbc('x', 'y', 'z')")]
    [InlineData("SELECT * FROM odbc('x', 'y', 'z')")]
    [InlineData("SELECT * FROM executable('id', 'CSV', 'a String')")]
    [InlineData("SELECT * FROM input('a String')")]
    [InlineData("SELECT * FROM python('x')")]
    [InlineData("SELECT * FROM arrowstream('x')")]
    [InlineData("SELECT * FROM prometheusQuery('d', 't', 'up', now())")]
    [InlineData("SELECT * FROM fuzzJSON('{}')")]
    [InlineData("SELECT * FROM `file`('/etc/passwd', 'LineAsString')")]
    [InlineData("SELECT * FROM FILE('/etc/passwd', 'LineAsString')")]
    [InlineData("SELECT * FROM file/**/('/etc/passwd', 'LineAsString')")]
    [InlineData("SELECT * FROM\u00A0file('/etc/passwd', 'LineAsString')")]
    [InlineData("SELECT * FROM f\u0131le('/etc/passwd', 'LineAsString')")]
    [InlineData("WITH x AS (SELECT * FROM file('/etc/passwd', 'LineAsString')) SELECT * FROM x")]
    [InlineData("SELECT * FROM '/etc/passwd'")]
    [InlineData("SELECT * FROM d.t INTO OUTFILE '/tmp/delivery-reader-out'")]
    [InlineData("SELECT * FROM d.t INTO OUTFILE '/tmp/delivery-reader-out' TRUNCATE FORMAT CSV SETTINGS readonly = 0")]
    [InlineData("INSERT INTO d.t FROM INFILE '/etc/passwd' FORMAT LineAsString")]
    [InlineData("INSERT INTO FUNCTION file('/tmp/delivery-reader-out', 'CSV', 'a UInt8') SELECT 1")]
    [InlineData("CREATE FUNCTION f AS () -> file('/etc/passwd')")]
    [InlineData("CREATE TEMPORARY TABLE x (a String)")]
    [InlineData("SET ROLE front_admin")]
    [InlineData("SYSTEM RELOAD CONFIG")]
    public async Task No_reader_reaches_outside_or_sees_what_others_do(string sql)
    {
        foreach (var user in new[] { "all", "seven" })
        {
            var (status, text) = await server.AskAsync(user, sql);
            Assert.False(status == HttpStatusCode.OK, user + ": " + text);
            Assert.DoesNotContain("root:", text);
        }

        Assert.False(File.Exists("/tmp/delivery-reader-out"));
    }

    [Fact]
    public async Task The_engine_itself_refuses_what_slips_by_the_front()
    {
        // As the guards see no table function behind a view that the owner made, only the engine's rights are left.
        var (status, text) = await server.AskAsync("seven", "SELECT * FROM d.v, d.unlisted");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("grant SELECT", text);
    }

    private static (string Sql, HttpStatusCode Status, string Text) Of(string sql, (HttpStatusCode Status, string Text) answer) => (sql, answer.Status, answer.Text);
}
