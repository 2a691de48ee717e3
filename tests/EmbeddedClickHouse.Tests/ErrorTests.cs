using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Delivery.EmbeddedClickHouse.Tests;

[Collection(ClickHouseCollection.Name)]
public sealed class ErrorTests(SharedClickHouse clickHouse)
{
    [Theory]
    [InlineData("SELECT * FROM nowhere", 60, "UNKNOWN_TABLE", HttpStatusCode.NotFound)]
    [InlineData("SELECT * FROM nowhere.t", 81, "UNKNOWN_DATABASE", HttpStatusCode.NotFound)]
    [InlineData("SELEC 1", 62, "SYNTAX_ERROR", HttpStatusCode.BadRequest)]
    [InlineData("", 62, "SYNTAX_ERROR", HttpStatusCode.BadRequest)]
    [InlineData(" ; ", 62, "SYNTAX_ERROR", HttpStatusCode.BadRequest)]
    [InlineData("-- only this", 62, "SYNTAX_ERROR", HttpStatusCode.BadRequest)]
    [InlineData("exit", 62, "SYNTAX_ERROR", HttpStatusCode.BadRequest)]
    [InlineData("quit;", 62, "SYNTAX_ERROR", HttpStatusCode.BadRequest)]
    [InlineData("\\l", 62, "SYNTAX_ERROR", HttpStatusCode.BadRequest)]
    [InlineData("SELECT 1; SELECT 2", 62, "SYNTAX_ERROR", HttpStatusCode.BadRequest)]
    [InlineData("SELECT nope", 47, "UNKNOWN_IDENTIFIER", HttpStatusCode.NotFound)]
    [InlineData("SELECT nope(1)", 46, "UNKNOWN_FUNCTION", HttpStatusCode.NotFound)]
    [InlineData("SELECT 1 FORMAT Nope", 73, "UNKNOWN_FORMAT", HttpStatusCode.NotFound)]
    [InlineData("SELECT toUInt8('x')", 6, "CANNOT_PARSE_TEXT", HttpStatusCode.BadRequest)]
    [InlineData("SELECT {x:UInt8}", 456, "UNKNOWN_QUERY_PARAMETER", HttpStatusCode.InternalServerError)]
    [InlineData("SELECT throwIf(1)", 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO", HttpStatusCode.InternalServerError)]
    [InlineData("SELECT 1 INTO OUTFILE '/tmp/delivery-no-such-file'", 358, "INTO_OUTFILE_NOT_ALLOWED", HttpStatusCode.InternalServerError)]
    [InlineData("SYSTEM SHUTDOWN", 497, "ACCESS_DENIED", HttpStatusCode.Forbidden)]
    [InlineData("system /* now */ kill", 497, "ACCESS_DENIED", HttpStatusCode.Forbidden)]
    [InlineData("SELECT 1 PARALLEL WITH SYSTEM SHUTDOWN", 62, "SYNTAX_ERROR", HttpStatusCode.BadRequest)]
    [InlineData("INSERT INTO t", 62, "SYNTAX_ERROR", HttpStatusCode.BadRequest)]
    public async Task An_error_has_the_code_name_and_status_of_a_server(string sql, int code, string name, HttpStatusCode status)
    {
        using var response = await clickHouse.PostAsync("", sql);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code.ToString(), Assert.Single(response.Headers.GetValues("X-ClickHouse-Exception-Code")));
        Assert.StartsWith($"Code: {code}. DB::Exception: ", text);
        Assert.Contains($"({name}) (version 26.", text);
        Assert.False(File.Exists("/tmp/delivery-no-such-file"));
    }

    [Fact]
    public async Task Nasty_statements_do_not_end_the_process()
    {
        string[] statements =
        [
            new string('(', 100_000), "SELECT " + new string('(', 5_000) + "1" + new string(')', 5_000), "SELECT '" + new string('a', 3_000_000),
            "SELECT \0 1", "\0", "\uFEFFSELECT 1", "SELECT 1 FORMAT", "INSERT", "INSERT INTO", "INSERT INTO t FORMAT", "INSERT INTO t VALUES", "$a$", "$$ $$", "/* open", "`", "'",
            "SELECT [[[[[[", "SELECT {", "SELECT {x", "SELECT {x:", "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count() FROM r",
            "CREATE NAMED COLLECTION nc AS a = 'b'", "DROP NAMED COLLECTION IF EXISTS nc", "CREATE FUNCTION boom AS x -> boom(x)", "SELECT boom(1)",
            "SELECT groupArray(number) FROM numbers(100000000000)", "SELECT repeat('a', 1000000000000)", "SELECT range(10000000000)", "SELECT sleep(100)",
            "EXPLAIN", "EXPLAIN AST SELECT 1", "DESCRIBE", "KILL QUERY", "BEGIN TRANSACTION", "COMMIT", "BACKUP DATABASE default TO File('/tmp/x.zip')",
            "ATTACH TABLE nothing", "CREATE TABLE bad ENGINE = MergeTree", "SELECT * FROM python(x)", "SELECT * FROM arrowstream('x')", "SELECT * FROM input('a Int8')",
            "SELECT number FROM numbers(10) FORMAT Native FORMAT CSV", "SET nope = 1", "USE nope", "DETACH DATABASE nope", "SELECT CAST('x', 'Nested(a Int8')", "help", "SELECT 1 AS",
        ];
        foreach (var sql in statements)
        {
            using var response = await clickHouse.PostAsync("max_execution_time=1&max_memory_usage=200000000", sql);
            await response.Content.ReadAsByteArrayAsync();
        }

        Assert.Equal("1\n", await clickHouse.QueryAsync("SELECT 1"));
    }

    [Fact]
    public async Task Random_bytes_do_not_end_the_process()
    {
        var random = new Random(20261122);
        string[] starts = ["", "SELECT ", "INSERT INTO t FORMAT RowBinary\n", "INSERT INTO system.one VALUES ", "CREATE "];
        for (var i = 0; i < 150; i++)
        {
            var tail = new byte[random.Next(200)];
            random.NextBytes(tail);
            using var response = await clickHouse.PostAsync("", [.. Encoding.UTF8.GetBytes(starts[i % starts.Length]), .. tail]);
            await response.Content.ReadAsByteArrayAsync();
        }

        Assert.Equal("1\n", await clickHouse.QueryAsync("SELECT 1"));
    }

    [Fact]
    public async Task An_error_after_the_first_rows_is_named_and_breaks_the_body_off()
    {
        const string sql = "SELECT throwIf(number = 2500000) FROM numbers(3000000)";
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => clickHouse.QueryAsync(sql));
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, clickHouse.Server.Url.Port);
        await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"GET /?query={SharedClickHouse.Escape(sql)} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        var text = await new StreamReader(socket.GetStream(), Encoding.Latin1).ReadToEndAsync();
        var head = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        var tag = head.Split("X-ClickHouse-Exception-Tag: ")[1][..16];
        Assert.Contains($"\r\n__exception__\r\n{tag}\r\nCode: 395. DB::Exception: ", text);
        var end = text.IndexOf($" {tag}\r\n__exception__\r\n", StringComparison.Ordinal);
        var start = text.LastIndexOf('\n', end) + 1;
        Assert.StartsWith($"{tag}\r\nCode: 395", text[(start - int.Parse(text[start..end]) - tag.Length - 2)..]);
        Assert.False(text.EndsWith("0\r\n\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_buffered_answer_gives_a_late_error_its_own_status()
    {
        using var response = await clickHouse.PostAsync("wait_end_of_query=1", "SELECT throwIf(number = 2500000) FROM numbers(3000000)");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.StartsWith("Code: 395.", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_text_over_the_limit_is_refused()
    {
        using var response = await clickHouse.PostAsync("", "SELECT '" + new string('a', 5 * 1024 * 1024) + "'");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("MaxQueryBytes", await response.Content.ReadAsStringAsync());
    }
}
