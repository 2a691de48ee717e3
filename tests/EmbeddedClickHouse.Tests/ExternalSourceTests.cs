using System.Net;
using Delivery.Testing;

namespace Delivery.EmbeddedClickHouse.Tests;

/// <summary>What the user <c>default</c> may not reach unless a setting lets it.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class ExternalSourceTests(SharedClickHouse clickHouse)
{
    [Theory]
    [InlineData("SELECT * FROM file('/etc/passwd', 'LineAsString')")]
    [InlineData("SELECT file('/etc/hostname')")]
    [InlineData("SELECT arrayMap(file, ['/etc/hostname'])")]
    [InlineData("SELECT * APPLY(file) FROM (SELECT '/etc/hostname')")]
    [InlineData("SELECT `fi\\x6ce`('/etc/hostname')")]
    [InlineData("SELECT file\u00A0('/etc/hostname')")]
    [InlineData("SELECT * FROM `/etc/passwd`")]
    [InlineData("SELECT * FROM '/etc/passwd'")]
    [InlineData("SELECT * FROM 'a\n/../../../../../../../../../etc/passwd'")]
    [InlineData("SELECT * FROM system.one, 'a\n/../../../../../../../../../etc/passwd'")]
    [InlineData("SELECT * FROM default.`/etc/passwd`")]
    [InlineData("SELECT * FROM \u201C/etc/passwd\u201D")]
    [InlineData("SELECT * FROM delivery")]
    [InlineData("SELECT * FROM `http://127.0.0.1:1/x.csv`")]
    [InlineData("SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')")]
    [InlineData("SELECT * FROM remote('127.0.0.1:1', 'system', 'one')")]
    [InlineData("SELECT * FROM redis('127.0.0.1:1', 'key', 'key String')")]
    [InlineData("SELECT * FROM sqlite('/tmp/x', 'y')")]
    [InlineData("SELECT * FROM format(TSV, 'a String', file('/etc/hostname'))")]
    [InlineData("INSERT INTO FUNCTION file('/tmp/delivery-external', 'CSV', 'a UInt8') SELECT 1")]
    [InlineData("INSERT INTO FUNCTION file('/tmp/delivery-external', 'CSV', 'a UInt8') VALUES (1)")]
    [InlineData("INSERT INTO TABLE FUNCTION /**/ `file`('/tmp/delivery-external', 'CSV', 'a UInt8') FORMAT CSV\n1")]
    [InlineData("INSERT INTO external_rows VALUES (file('/etc/hostname'))")]
    [InlineData("INSERT INTO external_rows FORMAT Values (file('/etc/hostname'))")]
    [InlineData("INSERT INTO external_rows SELECT file('/etc/hostname')")]
    [InlineData("CREATE TABLE reaching (a String) ENGINE = File(LineAsString, '/etc/passwd')")]
    [InlineData("CREATE TABLE reaching (a String) ENGINE = URL('http://127.0.0.1:1/', CSV)")]
    [InlineData("CREATE TABLE reaching (a String) ENGINE = EmbeddedRocksDB(0, '/tmp/delivery-external') PRIMARY KEY a")]
    [InlineData("CREATE TABLE reaching (a String DEFAULT file('/etc/hostname')) ENGINE = Memory")]
    [InlineData("CREATE TABLE reaching AS file('/etc/passwd', 'LineAsString')")]
    [InlineData("CREATE TABLE reaching (a UInt8) ENGINE = MergeTree ORDER BY a SETTINGS disk = disk(type = local, path = '/tmp/delivery-external/')")]
    [InlineData("CREATE VIEW reaching AS SELECT file('/etc/hostname')")]
    [InlineData("CREATE MATERIALIZED VIEW reaching ENGINE = File(CSV) AS SELECT 1")]
    [InlineData("CREATE FUNCTION reaching AS x -> file(x)")]
    [InlineData("CREATE DATABASE reaching ENGINE = SQLite('/tmp/delivery-external')")]
    [InlineData("CREATE DATABASE reaching ENGINE = Filesystem('/')")]
    [InlineData("CREATE DICTIONARY reaching (k UInt64) PRIMARY KEY k SOURCE(FILE(path '/etc/passwd' format 'CSV')) LAYOUT(FLAT()) LIFETIME(1)")]
    [InlineData("CREATE DICTIONARY reaching (k UInt64) PRIMARY KEY k SOURCE(EXECUTABLE(command 'id' format 'CSV')) LAYOUT(FLAT()) LIFETIME(1)")]
    [InlineData("CREATE DICTIONARY reaching (k UInt64) PRIMARY KEY k SOURCE(HTTP(url 'http://127.0.0.1:1/' format 'CSV')) LAYOUT(FLAT()) LIFETIME(1)")]
    [InlineData("CREATE DICTIONARY reaching (k UInt64) PRIMARY KEY k SOURCE(CLICKHOUSE(HOST '127.0.0.1' PORT 1 TABLE 't')) LAYOUT(FLAT()) LIFETIME(1)")]
    [InlineData("CREATE NAMED COLLECTION reaching AS url = 'http://127.0.0.1:1/'")]
    [InlineData("ATTACH TABLE reaching FROM '/tmp/delivery-external/' (a UInt8) ENGINE = MergeTree ORDER BY a")]
    [InlineData("BACKUP DATABASE system TO File('/tmp/delivery-external')")]
    [InlineData("RESTORE TABLE system.one FROM File('/tmp/delivery-external')")]
    [InlineData("SELECT 1 FORMAT Template SETTINGS format_template_row = '/etc/hostname'")]
    [InlineData("SELECT * FROM system.one SETTINGS additional_table_filters = {'system.one': 'file(\\'/etc/hostname\\') = 1'}")]
    [InlineData("SHOW TABLES WHERE file('/etc/hostname') != ''")]
    [InlineData("DESCRIBE file('/etc/passwd')")]
    [InlineData("DESCRIBE TABLE file('/etc/passwd')")]
    [InlineData("EXPLAIN SELECT file('/etc/hostname')")]
    public async Task The_default_user_reaches_no_file_and_no_net(string sql)
    {
        await clickHouse.QueryAsync("CREATE TABLE IF NOT EXISTS external_rows (a String) ENGINE = Memory");
        using var response = await clickHouse.PostAsync("", sql);
        var text = await response.Content.ReadAsStringAsync();
        Assert.False(response.IsSuccessStatusCode, text);
        if (sql != "SELECT * FROM delivery") Assert.Contains("(ACCESS_DENIED)", text.Replace("(SYNTAX_ERROR)", "(ACCESS_DENIED)", StringComparison.Ordinal));
        Assert.False(Path.Exists("/tmp/delivery-external"));
        Assert.Equal("0\n", await clickHouse.QueryAsync("SELECT count() FROM external_rows"));
    }

    [Fact]
    public async Task A_parameter_names_no_path()
    {
        foreach (var path in new[] { "%2Fetc%2Fpasswd", "a%5Cn%2F..%2F..%2F..%2F..%2F..%2F..%2Fetc%2Fpasswd" })
        {
            using var response = await clickHouse.PostAsync("param_t=" + path, "SELECT * FROM {t:Identifier}");
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    [Fact]
    public async Task Rows_that_follow_in_the_body_hold_no_expressions()
    {
        var table = clickHouse.NewTable();
        await clickHouse.QueryAsync($"CREATE TABLE {table} (a String) ENGINE = Memory");
        using (var refused = await clickHouse.PostAsync("query=" + SharedClickHouse.Escape($"INSERT INTO {table} VALUES"), "(file('/etc/hostname'))"))
            Assert.False(refused.IsSuccessStatusCode);
        using (var taken = await clickHouse.PostAsync("query=" + SharedClickHouse.Escape($"INSERT INTO {table} VALUES"), "('file(1)'), ('/etc/x')"))
            Assert.True(taken.IsSuccessStatusCode, await taken.Content.ReadAsStringAsync());
        Assert.Equal("/etc/x\nfile(1)\n", await clickHouse.QueryAsync($"SELECT a FROM {table} ORDER BY a"));
    }

    [Fact]
    public async Task Literals_comments_and_names_are_no_calls()
    {
        foreach (var sql in new[]
        {
            "SELECT 'file(''/etc/passwd'')' /* url('x') */ -- file('x')", "SELECT trim(BOTH ' ' FROM ' x ')", "SELECT 1 AS url, 2 AS remote",
            "SELECT * FROM numbers(1) AS n, (SELECT '/a', '/b') AS s", "SELECT n FROM (SELECT 1 AS n) WHERE n IN (1, 2) AND '/a' IN ('/b', '/a')",
            "CREATE TABLE IF NOT EXISTS url (a UInt8, file String) ENGINE = Log", "INSERT INTO url (a) VALUES (1)", "SELECT * APPLY(toString) FROM numbers(2)",
            "CREATE DICTIONARY IF NOT EXISTS inner_dictionary (a UInt64, file String, name String, host String) PRIMARY KEY a SOURCE(CLICKHOUSE(TABLE 'url')) LAYOUT(FLAT()) LIFETIME(0)",
        })
        {
            using var response = await clickHouse.PostAsync("", sql);
            Assert.True(response.IsSuccessStatusCode, sql + ": " + await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task The_setting_lets_files_be_read()
    {
        await using var server = await ClickHouseProcess.StartAsync(null, "--EmbeddedClickHouse:AllowExternalSources=true");
        Assert.Contains("root", await server.QueryAsync("SELECT * FROM file('/etc/passwd', 'LineAsString')"));
    }

    [Fact]
    public async Task The_schema_of_the_reports_is_taken()
    {
        await using var server = await ClickHouseProcess.StartAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "src/Aggregator/ClickHouse/Schema"), "*.sql").Order())
            foreach (var sql in (await File.ReadAllTextAsync(file)).Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                await server.QueryAsync(sql.TrimEnd(';'));
        Assert.Equal("0\n", await server.QueryAsync("SELECT count() FROM v_job_summary WHERE account = 1"));
        Assert.Equal("", await server.QueryAsync("SELECT * FROM v_recipient_timeline(account = 1, key = 'ab')"));
    }
}
