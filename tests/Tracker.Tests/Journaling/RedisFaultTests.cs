using System.Net.Sockets;
using System.Text;

namespace Delivery.Tracker.Tests.Journaling;

/// <summary>A Redis that answers with errors: readers notice nothing, and every event is there once afterwards.</summary>
public sealed class RedisFaultTests
{
    [Fact]
    public Task A_redis_that_is_full() => AnswersThroughAsync(["CONFIG SET maxmemory 1"], ["CONFIG SET maxmemory 0"]);

    [Fact]
    public Task A_redis_that_became_a_replica_takes_no_writes() => AnswersThroughAsync(["REPLICAOF 127.0.0.1 1"], ["REPLICAOF NO ONE"]);

    [Fact]
    public Task A_replica_that_lost_its_master_answers_nothing() =>
        AnswersThroughAsync(["CONFIG SET replica-serve-stale-data no", "REPLICAOF 127.0.0.1 1"], ["REPLICAOF NO ONE"]);

    [Fact]
    public async Task A_redis_that_is_loading_its_data()
    {
        await using var all = await TrackerInstallation.StartAsync([], "--key-load-delay", "500");
        using (var redis = await all.Redis.ConnectAsync())
        {
            // So many that loading them takes seconds in which it says -LOADING.
            for (var i = 0; i < 6_000; i++)
                redis.GetDatabase().StringSet("load:" + i, "x", flags: StackExchange.Redis.CommandFlags.FireAndForget);
            await redis.GetDatabase().PingAsync();
        }

        all.StartReaders();
        await all.AnsweredAsync(200);
        await all.Redis.KillAsync();
        var loaded = all.Redis.LaunchAsync();
        await all.AnsweredAsync(500);
        await loaded;
        await all.AnsweredAsync(100);
        await all.CheckAsync();
        Assert.Equal(0, all.Unanswered);
    }

    private static async Task AnswersThroughAsync(string[] broken, string[] mended)
    {
        await using var all = await TrackerInstallation.StartAsync();
        all.StartReaders();
        await all.AnsweredAsync(200);
        foreach (var command in broken)
            await ExecuteAsync(all.Redis.Port, command);
        await all.AnsweredAsync(1_000);
        var status = await all.StatusAsync();
        Assert.True(status.GetProperty("publish_failures").GetInt64() > 0);
        Assert.True(status.GetProperty("journaled").GetInt64() > 0);
        Assert.Equal(0, status.GetProperty("dropped").GetInt64() + status.GetProperty("not_confirmed").GetInt64());
        foreach (var command in mended)
            await ExecuteAsync(all.Redis.Port, command);
        await all.AnsweredAsync(100);
        await all.CheckAsync();
        Assert.Equal(0, all.Unanswered);
    }

    /// <summary>On a connection of its own: a client library refuses what it holds to be a replica.</summary>
    private static async Task ExecuteAsync(int port, string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        using var reader = new StreamReader(client.GetStream());
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        Assert.Equal("+OK", await reader.ReadLineAsync());
    }
}
