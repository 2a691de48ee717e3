using System.Net;

namespace Delivery.EmbeddedClickHouse.Tests;

[Collection(ClickHouseCollection.Name)]
public sealed class ReaderTests(SharedClickHouse clickHouse)
{
    [Fact]
    public async Task The_reader_reads()
    {
        var table = clickHouse.NewTable();
        await clickHouse.QueryAsync($"CREATE TABLE {table} ENGINE = MergeTree ORDER BY n AS SELECT number AS n FROM numbers(10)");
        foreach (var sql in new[]
        {
            $"SELECT sum(n) FROM {table}", $"WITH 1 AS x SELECT sum(n) FROM {table} WHERE x", $"SELECT sum(n) FROM {table} UNION ALL SELECT 1 WHERE 0",
            $"SELECT arraySum(arrayMap(x -> x, groupArray(n))) FROM {table} WHERE n IN (SELECT number FROM numbers(10))",
        })
        {
            Assert.Equal((HttpStatusCode.OK, "45\n"), await clickHouse.ReadAsync(sql));
        }

        Assert.Equal((HttpStatusCode.OK, "n\tUInt64\t\t\t\t\t\n"), await clickHouse.ReadAsync($"DESCRIBE {table}"));
        Assert.Contains(table, (await clickHouse.ReadAsync("SHOW TABLES")).Text);
        Assert.Equal((HttpStatusCode.OK, "5\n"), await clickHouse.ReadAsync($"SELECT n FROM {table} WHERE n = {{x:UInt8}}", "param_x=5&max_threads=1"));
    }

    [Theory]
    [InlineData("INSERT INTO system.one VALUES (1)")]
    [InlineData("CREATE TABLE reader_made (a UInt8) ENGINE = Memory")]
    [InlineData("CREATE TEMPORARY TABLE reader_made (a UInt8)")]
    [InlineData("DROP DATABASE default")]
    [InlineData("KILL QUERY WHERE 1")]
    [InlineData("SYSTEM FLUSH LOGS")]
    [InlineData("SET readonly = 0")]
    [InlineData("SELECT 1 SETTINGS readonly = 0")]
    [InlineData("SELECT 1 FORMAT TSV SETTINGS readonly = 0")]
    [InlineData("SELECT 1 SETTINGS max_execution_time = 9")]
    [InlineData("SELECT * FROM file('/etc/passwd', 'LineAsString')")]
    [InlineData("SELECT * FROM `/etc/passwd`")]
    [InlineData("SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')")]
    [InlineData("SELECT * FROM remote('127.0.0.1:1', 'system', 'one')")]
    [InlineData("SELECT * FROM s3('http://127.0.0.1:1/b/k', 'CSV', 'a String')")]
    [InlineData("SELECT * FROM executable('cat', 'TSV', 'a String')")]
    [InlineData("SELECT * FROM merge('system', '.*') AS m, sqlite('/tmp/x', 'y')")]
    [InlineData("SELECT * FROM view(SELECT file('/etc/hostname'))")]
    [InlineData("SELECT * FROM viewExplain('EXPLAIN', '', (SELECT file('/etc/hostname')))")]
    [InlineData("SELECT file('/etc/hostname')")]
    [InlineData("SELECT file /**/ ('/etc/hostname')")]
    [InlineData("SELECT `fi\\x6ce`('/etc/hostname')")]
    [InlineData("SELECT \"file\"('/etc/hostname')")]
    [InlineData("SELECT arrayMap(file, ['/etc/hostname'])")]
    [InlineData("SELECT arrayMap(x -> file(x), ['/etc/hostname'])")]
    [InlineData("SELECT * APPLY(file) FROM (SELECT '/etc/hostname')")]
    [InlineData("SELECT * APPLY file FROM (SELECT '/etc/hostname')")]
    [InlineData("SELECT COLUMNS('.') APPLY(x -> file(x)) FROM (SELECT '/etc/hostname')")]
    [InlineData("SELECT 1 ORDER BY file('/etc/hostname')")]
    [InlineData("SELECT 1 LIMIT length(file('/etc/hostname'))")]
    [InlineData("SELECT 1 WHERE 1 IN file('/etc/hostname')")]
    [InlineData("WITH file('/etc/hostname') AS x SELECT x")]
    [InlineData("WITH x -> file(x) AS f SELECT f('/etc/hostname')")]
    [InlineData("SELECT sum(1) OVER (ORDER BY file('/etc/hostname'))")]
    [InlineData("SELECT sum(1) OVER w WINDOW w AS (PARTITION BY file('/etc/hostname'))")]
    [InlineData("SELECT number FROM numbers(1) QUALIFY file('/etc/hostname') != ''")]
    [InlineData("SELECT number, '' AS s FROM numbers(1) ORDER BY number WITH FILL INTERPOLATE (s AS file('/etc/hostname'))")]
    [InlineData("SELECT number FROM numbers(1) LIMIT 1 BY file('/etc/hostname')")]
    [InlineData("SELECT * REPLACE (file('/etc/hostname') AS x) FROM (SELECT 1 AS x)")]
    [InlineData("SELECT number FROM numbers(length(file('/etc/hostname')))")]
    [InlineData("SELECT 1 GROUP BY GROUPING SETS ((file('/etc/hostname')))")]
    [InlineData("SHOW TABLES WHERE file('/etc/hostname') != ''")]
    [InlineData("EXPLAIN SELECT file('/etc/hostname')")]
    [InlineData("DESCRIBE (SELECT file('/etc/hostname'))")]
    [InlineData("DESCRIBE file('/etc/hostname')")]
    [InlineData("SELECT 1 INTO OUTFILE '/tmp/delivery-reader-file'")]
    public async Task The_reader_reaches_no_file_no_net_and_no_write(string sql)
    {
        var (status, text) = await clickHouse.ReadAsync(sql);
        Assert.False(status == HttpStatusCode.OK, text);
        Assert.DoesNotContain(File.ReadAllText("/etc/hostname").Trim(), text.Replace(sql, "", StringComparison.Ordinal).Replace("hostname", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.False(File.Exists("/tmp/delivery-reader-file"));
    }

    [Fact]
    public async Task A_parameter_does_not_bring_a_function_in()
    {
        foreach (var sql in new[] { "SELECT arrayMap({f:Identifier}, ['/etc/hostname'])", "SELECT {f:Identifier}('/etc/hostname')", "SELECT * APPLY({f:Identifier}) FROM (SELECT '/etc/hostname')" })
        {
            var (status, text) = await clickHouse.ReadAsync(sql, "param_f=file");
            Assert.False(status == HttpStatusCode.OK, text);
        }
    }

    [Theory]
    [InlineData("readonly=0")]
    [InlineData("readonly=2")]
    [InlineData("allow_experimental_eval_table_function=1")]
    public async Task The_reader_cannot_loosen_its_own_bounds(string setting)
    {
        var (status, text) = await clickHouse.ReadAsync("SELECT 1", setting);
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("(UNKNOWN_SETTING)", text);
    }

    [Fact]
    public async Task A_wrong_password_or_user_is_refused_in_one_way()
    {
        foreach (var (user, key) in new[] { ("reader", "wrong"), ("reader", ""), ("nobody", "x"), ("default", "x") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("SELECT 1") };
            request.Headers.Add("X-ClickHouse-User", user);
            request.Headers.Add("X-ClickHouse-Key", key);
            using var response = await clickHouse.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Equal("516", Assert.Single(response.Headers.GetValues("X-ClickHouse-Exception-Code")));
        }
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Host", "rebound.example", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "none", HttpStatusCode.OK)]
    [InlineData("Host", "localhost:8123", HttpStatusCode.OK)]
    public async Task A_page_of_another_site_cannot_use_a_server_without_a_password(string header, string value, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("SELECT 1") };
        request.Headers.Add(header, value);
        using var response = await clickHouse.Client.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
    }
}
