using System.Diagnostics;
using System.Net;
using Delivery.Testing;

namespace Delivery.EmbeddedClickHouse.Tests;

/// <summary>What happens to statements that do not end by themselves. Each test has an engine of its own.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class StuckTests
{
    private const int StuckCode = 3;
    private const int KilledByAlarm = 128 + 14;

    [Fact]
    public async Task A_statement_without_a_limit_of_its_own_is_cancelled_at_the_deadline()
    {
        await using var server = await ClickHouseProcess.StartAsync(null, "--EmbeddedClickHouse:StatementDeadline=00:00:01");
        using var response = await server.Client.PostAsync("/", new StringContent(
            "CREATE TABLE slow ENGINE = Memory AS SELECT sleepEachRow(1) AS a FROM numbers(600) SETTINGS function_sleep_max_microseconds_per_block = 0, max_block_size = 1"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.RequestTimeout, "159"), (response.StatusCode, Assert.Single(response.Headers.GetValues("X-ClickHouse-Exception-Code"))));
        Assert.Contains("StatementDeadline", text);
        Assert.Equal("0\n", await server.QueryAsync("SELECT count() FROM system.processes WHERE query LIKE 'CREATE%'"));
        Assert.Equal("2\n", await server.QueryAsync("SELECT sum(1 + sleepEachRow(1.2)) FROM numbers(2) SETTINGS max_execution_time = 60"));
    }

    [Fact]
    public async Task A_statement_that_cannot_be_cancelled_is_answered_and_ends_the_process()
    {
        // To open a pipe that nobody writes to is a call that never returns.
        using var folder = new TemporaryFolder();
        var pipe = Path.Combine(folder.Path, "pipe");
        using (var make = Process.Start("mkfifo", [pipe])) await make.WaitForExitAsync();
        await using var server = await ClickHouseProcess.StartAsync(
            null, "--EmbeddedClickHouse:StatementDeadline=00:00:01", "--EmbeddedClickHouse:StuckAfter=00:00:08", "--EmbeddedClickHouse:AllowExternalSources=true");
        await server.QueryAsync("CREATE TABLE kept (n UInt64) ENGINE = MergeTree ORDER BY n");
        await server.QueryAsync("INSERT INTO kept VALUES (1)");
        var stuck = server.Client.PostAsync("/?query_id=the-stuck-one", new StringContent($"CREATE TABLE stuck ENGINE = Memory AS SELECT * FROM file('{pipe}', 'LineAsString', 'line String')"));
        await Eventually.HoldsAsync(async () =>
        {
            using var ping = await server.Client.GetAsync("/ping");
            return ping.StatusCode == HttpStatusCode.ServiceUnavailable;
        }, "the ping tells of it");
        using (var response = await stuck)
        {
            Assert.Equal(HttpStatusCode.RequestTimeout, response.StatusCode);
            Assert.StartsWith("Code: 159. DB::Exception: Timeout exceeded", await response.Content.ReadAsStringAsync());
        }

        await server.EndedAsync();
        Assert.Equal(StuckCode, server.ExitCode);
        Assert.Contains("The engine is stuck: statement the-stuck-one is inside it", server.Output);
        await server.RestartAsync();
        Assert.Equal("1\n", await server.QueryAsync("SELECT n FROM kept"));
    }

    [Fact]
    public async Task A_process_that_stands_still_as_a_whole_is_ended()
    {
        await using var server = await ClickHouseProcess.StartAsync(null, "--EmbeddedClickHouse:StuckAfter=00:00:02");
        await SignalAsync(server.ProcessId, "STOP");
        await Task.Delay(TimeSpan.FromSeconds(3)); // the alarm comes due while nothing of the process runs
        await SignalAsync(server.ProcessId, "CONT");
        await server.EndedAsync();
        Assert.Equal(KilledByAlarm, server.ExitCode);
    }

    [Fact]
    public async Task The_engine_leaves_the_runtime_its_signals()
    {
        // The handler of system.stack_trace would answer; the runtime's, for the same signal, does not.
        await using var server = await ClickHouseProcess.StartAsync();
        Assert.Equal("0\n", await server.QueryAsync("SELECT countIf(notEmpty(trace)) FROM system.stack_trace"));
    }

    private static async Task SignalAsync(int process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.ToString()]);
        await kill.WaitForExitAsync();
    }
}
