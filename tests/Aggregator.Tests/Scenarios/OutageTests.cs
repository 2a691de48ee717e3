using Delivery.Contracts.Streams;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>Scenarios that kill Redis, the engine or the program itself, each with its own.</summary>
[Trait("speed", "slow")]
public class OutageTests
{
    [Fact]
    public async Task An_engine_that_is_killed_in_the_stream_of_events_loses_and_doubles_nothing()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var engine = await ClickHouseProcess.StartAsync();
        await using var installation = await Installation.CreateAsync(redis.Address, engine.Url);
        var aggregator = await installation.StartAggregatorAsync();
        var traffic = new Traffic(41);
        var producer = installation.NewProducer(1);
        var random = new Random(41);
        for (var round = 0; round < 3; round++)
        {
            var before = (ulong)traffic.All.Count;
            var publishing = PublishAsync(producer, traffic, 60);
            await Eventually.HoldsAsync(async () => await installation.NumberAsync("SELECT count() FROM events") > before + (ulong)random.Next(1500), "some are in");
            await engine.KillAsync();
            await Eventually.HoldsAsync(async () => (int)(await aggregator.GetAsync("/readyz")).StatusCode == 503, "not ready without ClickHouse");
            await publishing;
            await PublishAsync(producer, traffic, 10);
            Assert.True((long)await installation.Redis.ExecuteAsync("XLEN", installation.Names.Entries) > 0);
            await engine.RestartAsync();
            await installation.DrainedAsync(TimeSpan.FromSeconds(60));
            await Eventually.HoldsAsync(async () => (await aggregator.GetAsync("/readyz")).IsSuccessStatusCode, "ready again");
            await Count.AgreesAsync(installation, traffic.All, aggregator);
        }
    }

    [Fact]
    public async Task An_aggregator_that_starts_before_ClickHouse_waits_for_it()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var engine = await ClickHouseProcess.StartAsync();
        await engine.KillAsync();
        await using var installation = await Installation.CreateAsync(redis.Address, engine.Url);
        var aggregator = await installation.StartAggregatorAsync();
        var traffic = new Traffic(42);
        await installation.NewProducer(1).PublishAsync(traffic.More(200));
        Assert.Equal(503, (int)(await aggregator.GetAsync("/readyz")).StatusCode);
        Assert.Equal(503, (int)(await aggregator.GetAsync("/v1/jobs/3/report")).StatusCode);
        Assert.Equal(200, (int)(await aggregator.GetAsync("/healthz")).StatusCode);
        await engine.RestartAsync();
        await installation.DrainedAsync(TimeSpan.FromSeconds(60));
        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    [Fact]
    public async Task Redis_that_is_killed_and_comes_back_with_what_its_file_holds_brings_nothing_twice()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var engine = await ClickHouseProcess.StartAsync();
        await using var installation = await Installation.CreateAsync(redis.Address, engine.Url);
        var aggregator = await installation.StartAggregatorAsync(leaseTime: "00:00:02");
        var traffic = new Traffic(43);
        var producer = installation.NewProducer(1);
        for (var round = 0; round < 3; round++)
        {
            await PublishAsync(producer, traffic, 30);
            await redis.RestartAsync();
            await Eventually.HoldsAsync(async () => await installation.Redis.PingAsync() > TimeSpan.Zero, "the test is connected again", TimeSpan.FromSeconds(60));
            await Eventually.HoldsAsync(async () => (await producer.RepeatAsync()).Count > 0, "all is sent again", TimeSpan.FromSeconds(60));
        }

        await installation.DrainedAsync(TimeSpan.FromSeconds(60));
        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    [Fact]
    public async Task The_program_killed_again_and_again_counts_exactly_and_ends_cleanly_on_SIGTERM()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var engine = await ClickHouseProcess.StartAsync();
        await using var installation = await Installation.CreateAsync(redis.Address, engine.Url);
        string[] settings = [.. installation.Settings("00:00:01"), "--Aggregator:BatchRows=300"];
        var traffic = new Traffic(44);
        var producer = installation.NewProducer(1);
        var random = new Random(44);
        var program = ChildProcess.Start("Aggregator", settings);
        await Eventually.HoldsAsync(() => program.Output.Contains("is ours", StringComparison.Ordinal), "the program has the shard");
        for (var round = 0; round < 5; round++)
        {
            var before = await installation.NumberAsync("SELECT count() FROM events");
            var publishing = PublishAsync(producer, traffic, 40);
            var after = (ulong)random.Next(1500);
            await Eventually.HoldsAsync(async () => await installation.NumberAsync("SELECT count() FROM events") > before + after, "some are in", TimeSpan.FromSeconds(60));
            await program.KillAsync();
            await publishing;
            program = ChildProcess.Start("Aggregator", settings);
        }

        await installation.DrainedAsync(TimeSpan.FromSeconds(60));
        await Count.AgreesAsync(installation, traffic.All);
        Assert.Equal(0, await program.TerminateAsync());
        Assert.False(await installation.Redis.KeyExistsAsync(installation.Names.Key("lease")));
        Assert.DoesNotContain(Installation.Key, program.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Aggregator:BatchRow=5", "BatchRow")]
    [InlineData("--Aggregator:BatchRows=0", "BatchRows")]
    [InlineData("--Aggregator:ClickHouse:Database=a-b", "Aggregator:ClickHouse:Database")]
    [InlineData("--Access:ApiKeys:0:Key=short", "Access:ApiKeys:0:Key")]
    public async Task A_bad_setting_ends_the_start_with_one_line_that_names_it(string setting, string name)
    {
        var program = ChildProcess.Start("Aggregator", setting);
        Assert.Equal(2, await program.EndAsync());
        var lines = program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Contains(name, Assert.Single(lines), StringComparison.Ordinal);
    }

    private static async Task PublishAsync(TestProducer producer, Traffic traffic, int entries)
    {
        for (var i = 0; i < entries; i++)
            await producer.PublishAsync(traffic.More(50));
    }
}
