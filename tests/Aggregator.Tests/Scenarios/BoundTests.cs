using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>ClickHouse stays away until Redis is full: nothing is trimmed unread, and all is counted once when it is back.</summary>
[Trait("speed", "slow")]
public class BoundTests
{
    private const string Full = "OOM";

    [Fact]
    public async Task Streams_grow_to_the_bound_with_an_alarm_before_and_drain_from_there()
    {
        await using var redis = await RedisProcess.StartAsync("--maxmemory", "12mb");
        await using var engine = await ClickHouseProcess.StartAsync();
        await using var installation = await Installation.CreateAsync(redis.Address, engine.Url);
        var aggregator = await installation.StartAggregatorAsync(settings: ["--Aggregator:Watch:Interval=00:00:00.100", "--Aggregator:Watch:MaxAge=00:00:01", "--Aggregator:BatchRows=2000"]);
        var traffic = new Traffic(81);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(traffic.More(200));
        await installation.DrainedAsync();
        await Eventually.HoldsAsync(async () => (await StatusAsync(aggregator)).GetProperty("alarms").GetArrayLength() == 0, "no alarm");
        await engine.KillAsync();

        var held = await FillAsync(producer, traffic);
        await Eventually.HoldsAsync(
            async () => (await StatusAsync(aggregator)) is var status && status.GetProperty("redis").GetProperty("used_percent").GetDouble() > 95
                && status.GetProperty("shards")[0].GetProperty("entries").GetInt64() > 0
                && status.GetProperty("alarms").EnumerateArray().Count(alarm => alarm.GetString()!.Contains("of its memory", StringComparison.Ordinal) || alarm.GetString()!.Contains("waits for", StringComparison.Ordinal)) == 2,
            "both alarms stand");
        using var ready = await aggregator.GetAsync("/readyz");
        Assert.Contains("of its memory", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var metrics = await aggregator.GetAsync("/metrics");
        var page = await metrics.Content.ReadAsStringAsync();
        Assert.Contains("delivery_aggregator_redis_used_bytes", page, StringComparison.Ordinal);
        Assert.Contains("delivery_aggregator_backlog_age_seconds{shard=\"0\"}", page, StringComparison.Ordinal);

        // Whoever starts now finds a full Redis and must be able to take the shard all the same.
        await aggregator.StopAsync();
        await engine.RestartAsync();
        var second = await installation.StartAggregatorAsync(settings: ["--Aggregator:BatchRows=2000", "--Aggregator:Watch:Interval=00:00:00.100"]);
        await Eventually.HoldsAsync(async () => (await producer.RetryAsync(held)) == Delivery.Contracts.Streams.PublishStatus.Appended, "there is room again", TimeSpan.FromSeconds(60));
        await installation.DrainedAsync(TimeSpan.FromSeconds(90));
        await producer.PublishAsync(traffic.More(100));
        await installation.DrainedAsync(TimeSpan.FromSeconds(90));
        await Count.AgreesAsync(installation, traffic.All, second);
        await Eventually.HoldsAsync(async () => (await StatusAsync(second)).GetProperty("alarms").GetArrayLength() == 0, "the alarms are over");
    }

    [Fact]
    public async Task Dead_letters_can_be_replayed_and_committed_while_Redis_is_full()
    {
        await using var redis = await RedisProcess.StartAsync("--maxmemory", "12mb");
        await using var engine = await ClickHouseProcess.StartAsync();
        await using var installation = await Installation.CreateAsync(redis.Address, engine.Url);
        var aggregator = await installation.StartAggregatorAsync();
        var traffic = new Traffic(82);
        var producer = installation.NewProducer(1);
        var (bytes, count) = producer.Pack(traffic.More(5));
        await installation.Redis.ExecuteAsync(
            "XADD", (RedisKey)installation.Names.Dead, "*", "reason", "made up", "producer", "2", "number", "1", "count", count.ToString(), "entry", "1-0", "raw", bytes);
        await FillBallastAsync(installation);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/deadletters/replay")
        {
            Content = new StringContent("{\"shard\":0,\"all\":true}"),
            Headers = { { "Authorization", "Bearer " + Installation.Key } },
        };
        using var answer = await aggregator.Http.SendAsync(request);
        Assert.Contains("\"changed\":1", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => (long)await installation.Redis.ExecuteAsync("XLEN", (RedisKey)installation.Names.Replay) == 0, "replayed");
        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    /// <summary>Publishes until Redis refuses; gives the entry that it refused, which its producer keeps.</summary>
    private static async Task<(ulong First, int Count, byte[] Bytes)> FillAsync(TestProducer producer, Traffic traffic)
    {
        for (var entry = 0; entry < 5_000; entry++)
        {
            var (bytes, count) = producer.Pack(traffic.More(100));
            var first = producer.Next;
            try
            {
                await producer.PublishAsync((bytes, count));
            }
            catch (RedisServerException e) when (e.Message.Contains(Full, StringComparison.Ordinal))
            {
                producer.Next = first + (ulong)count;
                return (first, count, bytes);
            }
        }

        throw new InvalidOperationException("Redis was never full.");
    }

    private static async Task FillBallastAsync(Installation installation)
    {
        for (var size = 1 << 20; size >= 64; size /= 2)
        {
            try
            {
                for (var i = 0; ; i++)
                    await installation.Redis.StringSetAsync($"ballast:{size}:{i}", new byte[size]);
            }
            catch (RedisServerException e) when (e.Message.Contains(Full, StringComparison.Ordinal))
            {
            }
        }
    }

    private static async Task<JsonElement> StatusAsync(TestAggregator aggregator)
    {
        using var answer = await aggregator.GetAsync("/status", key: null);
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }
}
