using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.EmbeddedClickHouse.Tests;

[Collection(ClickHouseCollection.Name)]
public sealed class QueryTests(SharedClickHouse clickHouse)
{
    [Theory]
    [InlineData("/ping")]
    [InlineData("/")]
    [InlineData("/replicas_status")]
    public async Task A_health_check_is_answered_without_a_query(string path) =>
        Assert.Equal("Ok.\n", await clickHouse.Client.GetStringAsync(path));

    [Fact]
    public async Task A_select_by_get_gives_tab_separated_rows_and_the_headers_of_a_server()
    {
        using var response = await clickHouse.Client.GetAsync("/?query_id=my-query&query=SELECT%201%2C%27a%27");
        Assert.Equal("1\ta\n", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/tab-separated-values; charset=UTF-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("my-query", Header(response, "X-ClickHouse-Query-Id"));
        Assert.Equal("TabSeparated", Header(response, "X-ClickHouse-Format"));
        Assert.NotEmpty(Header(response, "X-ClickHouse-Timezone"));
        Assert.NotEmpty(Header(response, "X-ClickHouse-Server-Display-Name"));
        Assert.Contains("read_rows", Header(response, "X-ClickHouse-Summary"));
    }

    [Fact]
    public async Task Get_may_not_write()
    {
        var table = clickHouse.NewTable();
        await clickHouse.QueryAsync($"CREATE TABLE {table} (a UInt8) ENGINE = MergeTree ORDER BY a");
        foreach (var sql in new[] { $"INSERT INTO {table} VALUES (1)", $"DROP TABLE {table}", $"TRUNCATE TABLE {table}" })
        {
            using var response = await clickHouse.Client.GetAsync("/?readonly=0&query=" + SharedClickHouse.Escape(sql));
            Assert.Equal("164", Header(response, "X-ClickHouse-Exception-Code"));
        }

        Assert.Equal("0\n", await clickHouse.QueryAsync($"SELECT count() FROM {table}"));
    }

    [Theory]
    [InlineData("JSON", "application/json; charset=UTF-8")]
    [InlineData("JSONEachRow", "application/x-ndjson; charset=UTF-8")]
    [InlineData("CSVWithNames", "text/csv; charset=UTF-8; header=present")]
    [InlineData("RowBinary", "application/octet-stream")]
    [InlineData("Pretty", "text/plain; charset=UTF-8")]
    public async Task The_content_type_follows_the_format_named_in_the_text(string format, string type)
    {
        using var response = await clickHouse.PostAsync("", $"SELECT 1 AS format, 'FORMAT XML' -- FORMAT CSV\nFORMAT {format}");
        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
        Assert.Equal(format, Header(response, "X-ClickHouse-Format"));
    }

    [Fact]
    public async Task The_default_format_comes_from_the_url_or_the_header()
    {
        using var url = await clickHouse.PostAsync("default_format=JSONEachRow", "SELECT 1 AS a");
        Assert.Equal("{\"a\":1}\n", await url.Content.ReadAsStringAsync());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("SELECT 'x' AS a") };
        request.Headers.Add("X-ClickHouse-Format", "CSV");
        using var header = await clickHouse.Client.SendAsync(request);
        Assert.Equal("\"x\"\n", await header.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_url_and_the_body_together_are_one_statement()
    {
        using var response = await clickHouse.PostAsync("query=SELECT%201%20%2B", "2");
        Assert.Equal("3\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_database_of_a_request_does_not_outlive_it()
    {
        await clickHouse.QueryAsync("CREATE DATABASE IF NOT EXISTS `odd ``name`");
        using var response = await clickHouse.PostAsync("database=" + SharedClickHouse.Escape("odd `name"), "SELECT currentDatabase()");
        Assert.Equal("odd `name\n", await response.Content.ReadAsStringAsync());
        await clickHouse.QueryAsync("USE system");
        Assert.Equal("default\n", await clickHouse.QueryAsync("SELECT currentDatabase()"));
    }

    [Fact]
    public async Task Hostile_parameter_values_stay_values()
    {
        string[] values = ["'; DROP TABLE x; --", "\\", "a\tb\nc", "`\"${x}{y:String}", "\u0000", "שלום 🎉", "", "' OR 1=1 --", "\\N", "*/ /*"];
        foreach (var value in values)
        {
            // A parameter's text is escaped as in TabSeparated, on a server too.
            var escaped = value.Replace("\\", "\\\\").Replace("\t", "\\t").Replace("\n", "\\n").Replace("\0", "\\0");
            using var response = await clickHouse.PostAsync("param_v=" + SharedClickHouse.Escape(escaped), "SELECT hex({v:String}) FORMAT TSVRaw");
            Assert.Equal(Convert.ToHexString(Encoding.UTF8.GetBytes(value)) + "\n", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Parameters_of_requests_at_the_same_time_do_not_mix()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, stop) =>
        {
            using var response = await clickHouse.PostAsync($"param_n={i}&param_s=v{i}", "SELECT {n:UInt32}, {s:String}");
            Assert.Equal($"{i}\tv{i}\n", await response.Content.ReadAsStringAsync(stop));
        });
    }

    [Fact]
    public async Task A_result_of_many_chunks_is_whole_streamed_or_not()
    {
        using var rows = await clickHouse.PostAsync("", "SELECT number FROM numbers(3000000) FORMAT RowBinary");
        var bytes = await rows.Content.ReadAsByteArrayAsync();
        Assert.Equal(24_000_000, bytes.Length);
        ulong sum = 0;
        for (var i = 0; i < bytes.Length; i += 8) sum += BitConverter.ToUInt64(bytes, i);
        Assert.Equal(2_999_999UL * 1_500_000, sum);

        using var json = await clickHouse.PostAsync("", "SELECT number FROM numbers(300000) FORMAT JSON");
        using var document = JsonDocument.Parse(await json.Content.ReadAsStreamAsync());
        Assert.Equal(300_000, document.RootElement.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Compression_works_both_ways()
    {
        var table = clickHouse.NewTable();
        await clickHouse.QueryAsync($"CREATE TABLE {table} (a UInt64) ENGINE = MergeTree ORDER BY a");
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 50_000))));
        using var body = new ByteArrayContent(packed.ToArray());
        body.Headers.ContentEncoding.Add("gzip");
        using var inserted = await clickHouse.Client.PostAsync("/?query=" + SharedClickHouse.Escape($"INSERT INTO {table} FORMAT TSV"), body);
        Assert.Equal(HttpStatusCode.OK, inserted.StatusCode);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/?enable_http_compression=1") { Content = new StringContent($"SELECT a FROM {table} ORDER BY a") };
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await clickHouse.Client.SendAsync(request);
        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        await using var unpacked = new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        var text = await new StreamReader(unpacked).ReadToEndAsync();
        Assert.Equal(50_000, text.Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_client_that_leaves_takes_its_select_with_it()
    {
        foreach (var format in new[] { "TSV", "JSON" })
        {
            var mark = "left_" + Guid.NewGuid().ToString("N");
            using var cancel = new CancellationTokenSource();
            var running = clickHouse.Client.PostAsync("/", new StringContent($"SELECT count() AS {mark} FROM numbers(1000000000000) WHERE number % 7 = 3 FORMAT {format}"), cancel.Token);
            var count = $"SELECT count() FROM system.processes WHERE position(query, '{mark[..30]}' || '{mark[30..]}') > 0";
            await Eventually.HoldsAsync(async () => await clickHouse.QueryAsync(count) == "1\n", "the statement runs");
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            await Eventually.HoldsAsync(async () => await clickHouse.QueryAsync(count) == "0\n", "the statement is gone");
        }
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
