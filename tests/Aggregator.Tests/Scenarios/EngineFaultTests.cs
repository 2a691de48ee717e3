using System.Diagnostics;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>A ClickHouse that is slow, is cut off half way, says one thing and does another, or stands still: every event is counted once.</summary>
[Collection(SharedStoresCollection.Name)]
[Trait("speed", "slow")]
public class EngineFaultTests(SharedStores stores)
{
    public static TheoryData<HttpFault> Faults => [.. Enum.GetValues<HttpFault>().Where(fault => fault is not (HttpFault.None or HttpFault.Silence))];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_engine_that_fails_like_this_at_every_third_request_counts_every_event_once(HttpFault fault)
    {
        await using var proxy = stores.NewFaultyEngine();
        await using var installation = await stores.InstallAsync(proxy.Url);
        var aggregator = await installation.StartAggregatorAsync(settings: "--Aggregator:BatchRows=400");
        await Eventually.HoldsAsync(async () => (await aggregator.GetAsync("/readyz")).IsSuccessStatusCode, "ready");
        var requests = 0;
        proxy.Script = (_, _) => Interlocked.Increment(ref requests) is <= 60 and var turn && turn % 3 == 0 ? fault : HttpFault.None;
        var traffic = new Traffic(200 + (int)fault);
        var producer = installation.NewProducer(1);
        for (var round = 0; round < 4; round++)
            await producer.PublishAsync(traffic.More(500), perEntry: 25);
        await installation.DrainedAsync(TimeSpan.FromSeconds(90));
        Assert.True(proxy.Done.GetValueOrDefault(fault) > 0);
        proxy.Script = null;
        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    /// <summary>The same, where only inserts into the raw table suffer, and all of them until the fault is mended.</summary>
    [Theory]
    [InlineData(HttpFault.AnswerLost)]
    [InlineData(HttpFault.ErrorAfterDone)]
    [InlineData(HttpFault.RequestCut)]
    [InlineData(HttpFault.ErrorInBody)]
    public async Task Inserts_that_fail_for_as_long_as_it_lasts_are_counted_once_when_it_is_over(HttpFault fault)
    {
        await using var proxy = stores.NewFaultyEngine();
        await using var installation = await stores.InstallAsync(proxy.Url);
        proxy.Script = (target, _) => target.Contains("INSERT INTO events", StringComparison.Ordinal) ? fault : HttpFault.None;
        var aggregator = await installation.StartAggregatorAsync(settings: "--Aggregator:BatchRows=300");
        var traffic = new Traffic(300 + (int)fault);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(traffic.More(900), perEntry: 10);
        await Eventually.HoldsAsync(() => proxy.Done.GetValueOrDefault(fault) >= 2, "it failed again and again", TimeSpan.FromSeconds(60));
        await producer.PublishAsync(traffic.More(300), perEntry: 10);
        proxy.Script = null;
        await installation.DrainedAsync(TimeSpan.FromSeconds(90));
        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    [Fact]
    public async Task An_engine_that_does_what_it_is_asked_and_never_answers_is_given_up_and_counted_once()
    {
        await using var proxy = stores.NewFaultyEngine();
        await using var installation = await stores.InstallAsync(proxy.Url);
        var aggregator = await installation.StartAggregatorAsync(settings: "--Aggregator:ClickHouse:Timeout=00:00:03");
        await Eventually.HoldsAsync(async () => (await aggregator.GetAsync("/readyz")).IsSuccessStatusCode, "ready");
        var silent = 0;
        proxy.Script = (target, _) => target.Contains("INSERT INTO", StringComparison.Ordinal) && Interlocked.Increment(ref silent) <= 2 ? HttpFault.Silence : HttpFault.None;
        var traffic = new Traffic(250);
        await installation.NewProducer(1).PublishAsync(traffic.More(500));
        await installation.DrainedAsync(TimeSpan.FromSeconds(90));
        Assert.Equal(2, proxy.Done.GetValueOrDefault(HttpFault.Silence));
        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    [Fact]
    public async Task An_engine_that_stands_still_and_goes_on_counts_every_event_once()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var engine = await ClickHouseProcess.StartAsync(null, "--EmbeddedClickHouse:StuckAfter=00:10:00");
        await using var installation = await Installation.CreateAsync(redis.Address, engine.Url);
        var aggregator = await installation.StartAggregatorAsync(settings: ["--Aggregator:ClickHouse:Timeout=00:00:02", "--Aggregator:BatchRows=500"]);
        var traffic = new Traffic(260);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(traffic.More(500));
        await installation.DrainedAsync(TimeSpan.FromSeconds(60));
        for (var round = 0; round < 2; round++)
        {
            await SignalAsync("STOP", engine.ProcessId);
            await producer.PublishAsync(traffic.More(1_500), perEntry: 20);
            await Eventually.HoldsAsync(async () => (int)(await aggregator.GetAsync("/readyz")).StatusCode == 503, "not ready");
            await SignalAsync("CONT", engine.ProcessId);
            await installation.DrainedAsync(TimeSpan.FromSeconds(90));
        }

        await Count.AgreesAsync(installation, traffic.All, aggregator);
    }

    private static async Task SignalAsync(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString()]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
