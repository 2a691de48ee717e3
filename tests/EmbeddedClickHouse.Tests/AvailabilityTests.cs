using System.Net;
using Delivery.Testing;

namespace Delivery.EmbeddedClickHouse.Tests;

/// <summary>One client's statements do not end the service of the others.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class AvailabilityTests
{
    private const string Endless = "SELECT count() FROM numbers(1000000000000) WHERE number % 7 = 3";

    [Fact]
    public async Task The_databases_that_the_engine_needs_stay()
    {
        await using var server = await ClickHouseProcess.StartAsync();
        foreach (var sql in new[]
        {
            "drop database default", "DROP DATABASE IF EXISTS `default`", "DROP DATABASE \"default\" SYNC", "DROP /**/ DATABASE system", "DETACH DATABASE default",
            "DETACH DATABASE IF EXISTS default PERMANENTLY", "RENAME DATABASE default TO x", "SELECT 1 PARALLEL WITH DROP DATABASE default",
            "DROP\u00A0DATABASE default", "DROP DATABASE `d\\x65fault`", "DROP DATABASE \u201Cdefault\u201D", "DROP DATABASE {d:Identifier}",
        })
        {
            using var response = await server.Client.PostAsync("/?param_d=default", new StringContent(sql));
            Assert.False(response.IsSuccessStatusCode, sql);
            Assert.Equal("1\n", await server.QueryAsync("SELECT 1"));
        }

        await server.QueryAsync("CREATE DATABASE other");
        await server.QueryAsync("DROP DATABASE other");
        Assert.Equal("Ok.\n", await server.Client.GetStringAsync("/ping"));
    }

    [Fact]
    public async Task Long_reads_leave_a_place_for_rows_and_for_the_ping()
    {
        await using var server = await ClickHouseProcess.StartAsync(null, "--EmbeddedClickHouse:Connections=2", "--EmbeddedClickHouse:QueueTimeout=00:00:01");
        await server.QueryAsync("CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n");
        using var stop = new CancellationTokenSource();
        var reads = Enumerable.Range(0, 2).Select(_ => server.Client.PostAsync("/?max_threads=1", new StringContent(Endless), stop.Token)).ToList();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Eventually.HoldsAsync(async () =>
        {
            using var answer = await server.Client.PostAsync("/", new StringContent("SELECT 1"));
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable;
        }, "no read finds a place");
        for (var i = 0; i < 5; i++)
        {
            using var insert = await server.Client.PostAsync("/", new StringContent($"INSERT INTO t VALUES ({i})"), patience.Token);
            Assert.True(insert.IsSuccessStatusCode);
            Assert.Equal("Ok.\n", await server.Client.GetStringAsync("/ping", patience.Token));
        }

        Assert.Contains(reads, read => !read.IsCompleted);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task A_read_without_a_limit_of_its_own_ends_at_the_default()
    {
        await using var server = await ClickHouseProcess.StartAsync(null, "--EmbeddedClickHouse:QueryTimeLimit=00:00:01");
        using var response = await server.Client.PostAsync("/", new StringContent(Endless));
        Assert.Equal(HttpStatusCode.RequestTimeout, response.StatusCode);
        Assert.Contains("(TIMEOUT_EXCEEDED)", await response.Content.ReadAsStringAsync());
        Assert.Equal("7\n", await server.QueryAsync("SELECT getSetting('max_execution_time') SETTINGS max_execution_time = 7"));
    }
}
