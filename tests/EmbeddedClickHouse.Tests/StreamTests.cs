using System.Globalization;
using System.Net;
using Delivery.Testing;

namespace Delivery.EmbeddedClickHouse.Tests;

/// <summary>Long results and the statements behind them.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class StreamTests
{
    private const long Megabyte = 1024 * 1024;

    [Fact]
    public async Task A_result_of_two_hundred_megabytes_takes_little_memory_even_with_a_slow_reader()
    {
        await using var server = await ClickHouseProcess.StartAsync();
        const long rows = 25_000_000;
        await ReadAsync(server, 1_000_000, _ => Task.CompletedTask); // the engine's pools and .NET's heap are there after this
        var before = Resident(server.ProcessId);
        long peak = 0, pieces = 0;
        var read = await ReadAsync(server, rows, async _ =>
        {
            if (++pieces % 100 != 0) return;
            peak = Math.Max(peak, Resident(server.ProcessId));
            await Task.Delay(1);
        });
        Assert.Equal(rows * sizeof(ulong), read);
        Assert.InRange(peak - before, long.MinValue, 150 * Megabyte);
    }

    [Fact]
    public async Task A_reader_that_stops_reading_holds_the_statement_up_and_no_more()
    {
        await using var server = await ClickHouseProcess.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/?max_execution_time=0") { Content = new StringContent("SELECT * FROM system.numbers FORMAT RowBinary") };
        using (var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var before = Resident(server.ProcessId);
            for (var i = 0; i < 5; i++) await server.QueryAsync("SELECT sum(sipHash64(number)) FROM numbers(1000000)");
            Assert.InRange(Resident(server.ProcessId) - before, long.MinValue, 150 * Megabyte);
            Assert.Equal("1\n", await server.QueryAsync("SELECT count() FROM system.processes WHERE query LIKE '%system.numbers%RowBinary'"));
        }

        await Eventually.HoldsAsync(async () => await server.QueryAsync("SELECT count() FROM system.processes WHERE query LIKE '%system.numbers%RowBinary'") == "0\n", "it is gone with its reader");
    }

    [Fact]
    public async Task A_query_is_killed_by_the_id_that_its_caller_gave()
    {
        await using var server = await ClickHouseProcess.StartAsync();
        const string endless = "SELECT count() FROM numbers(1000000000000) WHERE number % 7 = 3";
        var other = server.Client.PostAsync("/?query_id=mine-10", new StringContent(endless));
        foreach (var sql in new[] { "KILL QUERY WHERE query_id = 'mine-1'", "kill query where query_id='mine-1' ASYNC" })
        {
            var mine = server.Client.PostAsync("/?query_id=mine-1", new StringContent(endless));
            await Eventually.HoldsAsync(async () => await server.QueryAsync("SELECT count() FROM system.processes") == "3\n", "both run");
            await server.QueryAsync(sql);
            using var killed = await mine;
            Assert.Contains("(QUERY_WAS_CANCELLED)", await killed.Content.ReadAsStringAsync());
            await server.QueryAsync("KILL QUERY WHERE query_id = 'of-nobody'");
            Assert.False(other.IsCompleted);
        }
    }

    private static async Task<long> ReadAsync(ClickHouseProcess server, long rows, Func<int, Task> each)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent($"SELECT number FROM numbers({rows}) FORMAT RowBinary") };
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[64 * 1024];
        long total = 0;
        for (int read; (read = await body.ReadAsync(buffer)) > 0; total += read) await each(read);
        return total;
    }

    /// <summary>Bytes.</summary>
    private static long Resident(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
