using Delivery.Contracts.Events;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Mta.Tests.Publishing;

/// <summary>Events reach Redis once and in order, whatever Redis does meanwhile.</summary>
public sealed class OutboxTests
{
    [Fact]
    public async Task With_Redis_away_jobs_are_taken_and_their_events_follow_when_it_is_back()
    {
        await using var mta = await MtaFixture.StartAsync();
        await mta.Redis.KillAsync();

        var id = await mta.SubmitAsync(MtaFixture.Job(20));
        await mta.FinishedAsync(id);
        await mta.Redis.LaunchAsync();

        await Eventually.HoldsAsync(async () => (await mta.RecordsAsync()).Count(record => record.Kind == (byte)EventKind.Delivered) == 20, "all outcomes are in the stream");
        var records = await mta.RecordsAsync();
        Assert.Equal(Enumerable.Range(1, records.Count).Select(number => (ulong)number), records.Select(record => record.Number));
    }

    [Fact]
    public async Task Mail_waits_when_the_suppressions_cannot_be_known()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__SuppressionMaxAge", "00:00:01"));
        await mta.Redis.KillAsync();
        await Eventually.HoldsAsync(
            async () => (int)(await mta.Client.GetAsync("/readyz")).StatusCode == 503, "the copy of the suppressions is too old");

        var id = await mta.SubmitAsync(MtaFixture.Job(5));
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Empty(mta.Peer.Messages);
        Assert.Equal(5, (await mta.StatusAsync(id)).GetProperty("queued").GetInt64());

        await mta.Redis.LaunchAsync();
        await mta.FinishedAsync(id);
        Assert.Equal(5, mta.Peer.Messages.Count);
    }

    [Fact]
    public async Task A_Redis_that_comes_back_with_an_older_state_gets_the_rest_again()
    {
        await using var mta = await MtaFixture.StartAsync();
        await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(10)));
        await Eventually.HoldsAsync(async () => (await mta.RecordsAsync()).Count(record => record.Kind == (byte)EventKind.Delivered) == 10, "all outcomes are in the stream");
        var before = await mta.RecordsAsync();

        var redis = await mta.Redis.ConnectAsync();
        try
        {
            var database = redis.GetDatabase();
            var newest = (RedisResult[])((RedisResult[])(await database.ExecuteAsync("XREVRANGE", "delivery:{events:0}:entries", "+", "-", "COUNT", 1))!)[0]!;
            var fields = (RedisResult[])newest[1]!;
            await database.ScriptEvaluateAsync(
                "redis.call('XDEL', KEYS[1], ARGV[1]); redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])",
                ["delivery:{events:0}:entries", "delivery:{events:0}:marks"],
                [(string)newest[0]!, (string)fields[1]!, long.Parse((string)fields[3]!) - 1]);
        }
        finally
        {
            await redis.CloseAsync(allowCommandsToComplete: false);
        }

        await Eventually.HoldsAsync(async () => (await mta.RecordsAsync()).Count == before.Count, "what was lost is back");
        Assert.Equal(before, await mta.RecordsAsync());
    }

    [Fact]
    public async Task A_Redis_that_lost_everything_is_gone_on_with()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__KeepPublished", "00:00:00"));
        await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(10)));
        await Eventually.HoldsAsync(() => mta.OutboxIsEmpty(), "the outbox is empty");
        var redis = await mta.Redis.ConnectAsync();
        await redis.GetServer("127.0.0.1", mta.Redis.Port).FlushAllDatabasesAsync();
        await redis.CloseAsync(allowCommandsToComplete: false);

        await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(3)));

        await Eventually.HoldsAsync(async () => (await mta.RecordsAsync()).Count(record => record.Kind == (byte)EventKind.Delivered) == 3, "the new outcomes are in the stream");
        Assert.Contains(mta.Program.Output, line => line.Contains("are neither in Redis nor in the outbox", StringComparison.Ordinal));
    }
}
