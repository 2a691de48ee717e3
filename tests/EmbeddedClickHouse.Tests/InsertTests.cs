using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Delivery.EmbeddedClickHouse.Tests;

[Collection(ClickHouseCollection.Name)]
public sealed class InsertTests(SharedClickHouse clickHouse)
{
    private const string OneBlock =
        "max_insert_block_size=100000000&max_insert_block_size_bytes=0&min_insert_block_size_rows=100000000&min_insert_block_size_bytes=4000000000";

    [Theory]
    [InlineData("CSV", "1,\"a\"\n2,\"b;\"\"c\"\n")]
    [InlineData("TSV", "1\ta\n2\tb;\"c\n")]
    [InlineData("JSONEachRow", "{\"n\":1,\"s\":\"a\"}\n{\"n\":2,\"s\":\"b;\\\"c\"}\n")]
    [InlineData("Values", "(1,'a'),(2,'b;\"c')")]
    public async Task Rows_come_in_the_body_or_after_the_text(string format, string rows)
    {
        foreach (var inline in new[] { true, false })
        {
            var table = await NewTableAsync("n UInt32, s String");
            var insert = $"INSERT INTO {table} (n, s) FORMAT {format}";
            using var response = inline
                ? await clickHouse.PostAsync("", insert + "\n" + rows)
                : await clickHouse.PostAsync("query=" + SharedClickHouse.Escape(insert), rows);
            Assert.Equal("", await response.Content.ReadAsStringAsync());
            Assert.Contains("\"written_rows\":\"2\"", Assert.Single(response.Headers.GetValues("X-ClickHouse-Summary")));
            Assert.Equal("1\ta\n2\tb;\"c\n", await clickHouse.QueryAsync($"SELECT n, s FROM {table} ORDER BY n FORMAT TSVRaw"));
        }
    }

    [Fact]
    public async Task Values_in_the_text_take_expressions_and_parameters()
    {
        var table = await NewTableAsync("n UInt32, s String");
        await clickHouse.QueryAsync($"INSERT INTO {table} VALUES (1 + 1, upper('x'))");
        using var response = await clickHouse.PostAsync("param_n=7&param_s=it's", $"INSERT INTO {table} VALUES ({{n:UInt32}}, {{s:String}})");
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        await clickHouse.QueryAsync($"INSERT INTO {table} SELECT number, 'VALUES FORMAT CSV' FROM numbers(3, 1)");
        Assert.Equal("2\tX\n3\tVALUES FORMAT CSV\n7\tit's\n", await clickHouse.QueryAsync($"SELECT * FROM {table} ORDER BY n FORMAT TSVRaw"));
    }

    [Fact]
    public async Task Binary_rows_of_any_byte_arrive_as_they_were()
    {
        var table = await NewTableAsync("n UInt32, s String");
        var random = new Random(7);
        var body = new List<byte>();
        var text = new byte[100];
        for (uint i = 0; i < 5_000; i++)
        {
            random.NextBytes(text);
            body.AddRange(BitConverter.GetBytes(i));
            body.Add((byte)text.Length);
            body.AddRange(text);
        }

        await InsertAsync(table, "(n, s) FORMAT RowBinary", [.. body]);
        using var response = await clickHouse.PostAsync("", $"SELECT n, s FROM {table} ORDER BY n FORMAT RowBinary");
        Assert.Equal(body, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task One_large_body_becomes_one_part_a_partition()
    {
        var table = clickHouse.NewTable();
        await clickHouse.QueryAsync($"CREATE TABLE {table} (n UInt64, p UInt8) ENGINE = MergeTree PARTITION BY p ORDER BY n");
        var body = new byte[64 * 1024 * 1024 / 9 * 9];
        for (var i = 0; i < body.Length / 9; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(i * 9), i);
            body[(i * 9) + 8] = (byte)(i & 1);
        }

        await InsertAsync(table, "FORMAT RowBinary", body, OneBlock);
        Assert.Equal($"{body.Length / 9}\n", await clickHouse.QueryAsync($"SELECT count() FROM {table}"));
        // Every part ever written, merged away or not: one a partition, each from a single block.
        Assert.Equal("2\t2\t0\n", await clickHouse.QueryAsync(
            $"SELECT count(), uniqExact(partition), max(level) FROM system.parts WHERE table = '{table}'"));
    }

    [Fact]
    public async Task The_same_token_three_times_counts_once_in_the_table_and_in_its_roll_up()
    {
        var raw = clickHouse.NewTable();
        const string window = "SETTINGS non_replicated_deduplication_window = 1000";
        await clickHouse.QueryAsync($"CREATE TABLE {raw} (link UInt32, person UInt32) ENGINE = MergeTree ORDER BY link {window}");
        await clickHouse.QueryAsync(
            $"CREATE TABLE {raw}_sum (link UInt32, clicks SimpleAggregateFunction(sum, UInt64), people AggregateFunction(groupBitmap, UInt32)) ENGINE = AggregatingMergeTree ORDER BY link {window}");
        await clickHouse.QueryAsync(
            $"CREATE MATERIALIZED VIEW {raw}_view TO {raw}_sum AS SELECT link, count() AS clicks, groupBitmapState(person) AS people FROM {raw} GROUP BY link");
        var body = new byte[100_000 * 8];
        for (var i = 0; i < 100_000; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(i * 8), i % 10);
            BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan((i * 8) + 4), i % 40_000);
        }

        var settings = OneBlock + "&async_insert=0&insert_deduplicate=1&deduplicate_blocks_in_dependent_materialized_views=1&insert_deduplication_token=";
        for (var i = 0; i < 3; i++) await InsertAsync(raw, "(link, person) FORMAT RowBinary", body, settings + "batch-1");
        var count = $"SELECT (SELECT count() FROM {raw}), (SELECT sum(clicks) FROM {raw}_sum), (SELECT groupBitmapMerge(people) FROM {raw}_sum)";
        Assert.Equal("100000\t100000\t40000\n", await clickHouse.QueryAsync(count));
        await InsertAsync(raw, "(link, person) FORMAT RowBinary", body, settings + "batch-2");
        Assert.Equal("200000\t200000\t40000\n", await clickHouse.QueryAsync(count));
    }

    [Theory]
    [InlineData("(n, s) FORMAT RowBinary", "\u0001\u0002", 33)]
    [InlineData("(n, s) FORMAT CSV", "x,\"y", 27)]
    [InlineData("(zz) FORMAT CSV", "1", 16)]
    [InlineData("(n, s) FORMAT Nope", "1", 73)]
    [InlineData("FROM INFILE '/etc/passwd' FORMAT CSV", "", 358)]
    public async Task A_refused_insert_leaves_nothing_and_says_why(string rest, string rows, int code)
    {
        var table = await NewTableAsync("n UInt64, s String");
        using var response = await clickHouse.PostAsync("query=" + SharedClickHouse.Escape($"INSERT INTO {table} {rest}"), rows);
        Assert.False(response.IsSuccessStatusCode);
        Assert.Equal(code.ToString(), Assert.Single(response.Headers.GetValues("X-ClickHouse-Exception-Code")));
        Assert.Equal("0\n", await clickHouse.QueryAsync($"SELECT count() FROM {table}"));
    }

    [Fact]
    public async Task An_upload_that_breaks_off_inserts_nothing()
    {
        var table = await NewTableAsync("n UInt64, s String");
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, clickHouse.Server.Url.Port);
        var head = $"POST /?query={SharedClickHouse.Escape($"INSERT INTO {table} FORMAT CSV")} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n1,\"a\"\n2,\"b\"\n";
        await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes(head));
        var open = $"SELECT count() FROM system.processes WHERE query LIKE 'INSERT INTO {table}%'";
        await Testing.Eventually.HoldsAsync(async () => await clickHouse.QueryAsync(open) == "1\n", "the insert is open");
        socket.Close();
        await Testing.Eventually.HoldsAsync(async () => await clickHouse.QueryAsync(open) == "0\n", "the insert is gone");
        Assert.Equal("0\n", await clickHouse.QueryAsync($"SELECT count() FROM {table}"));
    }

    private async Task<string> NewTableAsync(string columns)
    {
        var table = clickHouse.NewTable();
        await clickHouse.QueryAsync($"CREATE TABLE {table} ({columns}) ENGINE = MergeTree ORDER BY tuple()");
        return table;
    }

    private async Task InsertAsync(string table, string rest, byte[] body, string settings = "")
    {
        using var response = await clickHouse.PostAsync($"{settings}&query=" + SharedClickHouse.Escape($"INSERT INTO {table} {rest}"), body);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
