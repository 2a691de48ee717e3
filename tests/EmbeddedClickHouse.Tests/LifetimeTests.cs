using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Delivery.Testing;

namespace Delivery.EmbeddedClickHouse.Tests;

/// <summary>These start, kill and stop engines of their own.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class LifetimeTests
{
    /// <summary>
    /// The batch that a kill cuts off was not acknowledged: it may be in the table and not in its roll-up, as the two
    /// are separate parts. Every acknowledged one must be whole in both.
    /// </summary>
    [Fact]
    public async Task What_was_acknowledged_survives_a_kill_in_the_table_and_in_its_roll_up()
    {
        const string window = "SETTINGS non_replicated_deduplication_window = 1000";
        await using var server = await ClickHouseProcess.StartAsync();
        await server.QueryAsync($"CREATE TABLE events (batch UInt32, n UInt64) ENGINE = MergeTree ORDER BY n {window}");
        await server.QueryAsync($"CREATE TABLE totals (batch UInt32, n SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree ORDER BY batch {window}");
        await server.QueryAsync("CREATE MATERIALIZED VIEW mv TO totals AS SELECT batch, count() AS n FROM events GROUP BY batch");
        var acknowledged = new ConcurrentQueue<int>();
        var next = 0;
        for (var round = 0; round < 4; round++)
        {
            var goal = acknowledged.Count + 15;
            var inserting = InsertUntilCutOffAsync(server, acknowledged, () => next++);
            await Eventually.HoldsAsync(() => acknowledged.Count > goal, "fifteen batches are in");
            await server.KillAsync();
            await inserting;
            await server.RestartAsync();
            var expected = acknowledged.Order().Select(batch => $"{batch}\t1000\n").ToList();
            var list = string.Join(',', acknowledged);
            Assert.Equal(string.Concat(expected), await server.QueryAsync($"SELECT batch, count() FROM events WHERE batch IN ({list}) GROUP BY batch ORDER BY batch"));
            Assert.Equal(string.Concat(expected), await server.QueryAsync($"SELECT batch, sum(n) FROM totals WHERE batch IN ({list}) GROUP BY batch ORDER BY batch"));
            Assert.Equal("0\n", await server.QueryAsync("SELECT count() FROM (SELECT count() AS n FROM events GROUP BY batch HAVING n != 1000)"));
        }
    }

    private static async Task InsertUntilCutOffAsync(ClickHouseProcess server, ConcurrentQueue<int> acknowledged, Func<int> next)
    {
        try
        {
            while (true)
            {
                var batch = next();
                var rows = string.Join('\n', Enumerable.Range(0, 1_000).Select(n => $"{batch}\t{n}"));
                using var response = await server.Client.PostAsync(
                    $"/?insert_deduplication_token=b{batch}&deduplicate_blocks_in_dependent_materialized_views=1&query=INSERT%20INTO%20events%20FORMAT%20TSV", new StringContent(rows));
                response.EnsureSuccessStatusCode();
                acknowledged.Enqueue(batch);
            }
        }
        catch (HttpRequestException)
        {
            // The kill came.
        }
    }

    [Fact]
    public async Task A_stop_is_clean_and_soon_even_with_a_long_statement_running()
    {
        await using var server = await ClickHouseProcess.StartAsync();
        var running = server.Client.PostAsync("/", new StringContent("SELECT count() FROM numbers(1000000000000) WHERE number % 7 = 3"));
        await Eventually.HoldsAsync(async () => await server.QueryAsync("SELECT count() > 1 FROM system.processes") == "1\n", "it runs");
        var clock = Stopwatch.StartNew();
        await server.StopAsync();
        Assert.Equal(0, server.ExitCode);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        using var cut = await running;
        Assert.Contains("(QUERY_WAS_CANCELLED)", await cut.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Statements_beyond_the_limit_wait_and_those_beyond_the_queue_are_refused()
    {
        await using var server = await ClickHouseProcess.StartAsync(
            null, "--EmbeddedClickHouse:Connections=1", "--EmbeddedClickHouse:QueueLength=2", "--EmbeddedClickHouse:QueueTimeout=00:00:20");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.Client.PostAsync("/", new StringContent("SELECT sleep(1)"))));
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable).ToList();
        Assert.Equal(5, refused.Count);
        foreach (var answer in refused) Assert.Equal("202", Assert.Single(answer.Headers.GetValues("X-ClickHouse-Exception-Code")));
        Assert.Equal("Ok.\n", await server.Client.GetStringAsync("/ping"));
    }

    [Fact]
    public async Task Many_clients_at_once_are_all_served()
    {
        await using var server = await ClickHouseProcess.StartAsync();
        await server.QueryAsync("CREATE TABLE c (n UInt64) ENGINE = MergeTree ORDER BY n");
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            if (i % 2 == 0) await server.QueryAsync($"INSERT INTO c VALUES ({i})");
            else Assert.Equal($"{i}\n", await server.QueryAsync($"SELECT {i} FROM numbers(100000) GROUP BY 1"));
        });
        Assert.Equal("100\n", await server.QueryAsync("SELECT count() FROM c"));
    }

    [Fact]
    public async Task The_data_folder_is_its_owners_alone_and_one_process_has_it()
    {
        await using var server = await ClickHouseProcess.StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(server.DataPath));
        var (code, error) = await ClickHouseProcess.RunToEndAsync("--EmbeddedClickHouse:Path=" + server.DataPath, "--EmbeddedClickHouse:Url=http://127.0.0.1:0");
        Assert.Equal(2, code);
        Assert.Contains(server.DataPath + " is in use by another process.", Assert.Single(Lines(error)));
    }

    [Theory]
    [InlineData("--EmbeddedClickHouse:Pth=/tmp/x", "Pth")]
    [InlineData("--EmbeddedClickHouse:Path=", "Path")]
    [InlineData("--EmbeddedClickHouse:Connections=0", "Connections")]
    [InlineData("--EmbeddedClickHouse:Url=https://127.0.0.1:0", "Url")]
    [InlineData("--EmbeddedClickHouse:Url=http://0.0.0.0:0", "Password")]
    [InlineData("--EmbeddedClickHouse:Library=/nowhere/libchdb.so", "./delivery tools")]
    public async Task A_bad_setting_stops_the_start_with_one_line_that_names_it(string argument, string names)
    {
        using var folder = new TemporaryFolder();
        var (code, error) = await ClickHouseProcess.RunToEndAsync("--EmbeddedClickHouse:Path=" + folder.Path, argument);
        Assert.Equal(2, code);
        Assert.Contains(names, Assert.Single(Lines(error)));
    }

    [Fact]
    public async Task A_password_is_asked_for_when_one_is_set()
    {
        await using var server = await ClickHouseProcess.StartAsync(null, "--EmbeddedClickHouse:Password=s3cret");
        using (var without = await server.Client.PostAsync("/", new StringContent("SELECT 1")))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
            Assert.Equal("194", Assert.Single(without.Headers.GetValues("X-ClickHouse-Exception-Code")));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("SELECT 1") };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("default:s3cret")));
        using var with = await server.Client.SendAsync(request);
        Assert.Equal("1\n", await with.Content.ReadAsStringAsync());
        using var byUrl = await server.Client.GetAsync("/?user=default&password=s3cret&query=SELECT%202");
        Assert.Equal("2\n", await byUrl.Content.ReadAsStringAsync());
        Assert.DoesNotContain("s3cret", server.Output);
    }

    [Fact]
    public async Task Curl_works_as_against_a_server()
    {
        await using var server = await ClickHouseProcess.StartAsync();
        Assert.Equal("", await CurlAsync(server.Url.ToString(), "-d", "CREATE TABLE c (a UInt8, b String) ENGINE = MergeTree ORDER BY a"));
        Assert.Equal("", await CurlAsync(server.Url + "?query=INSERT%20INTO%20c%20FORMAT%20CSV", "--data-binary", "1,\"x\"\n2,\"y\"\n"));
        Assert.Equal("1\tx\n2\ty\n", await CurlAsync("-G", server.Url.ToString(), "--data-urlencode", "query=SELECT * FROM c ORDER BY a"));
    }

    private static async Task<string> CurlAsync(params string[] arguments)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-sS", .. arguments]) { RedirectStandardOutput = true })!;
        var text = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        return text;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
