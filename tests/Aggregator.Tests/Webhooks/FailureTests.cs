using System.Net;
using System.Text.Json;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts.Streams;
using Delivery.Testing;
using Microsoft.AspNetCore.Http;
using StackExchange.Redis;

namespace Delivery.Aggregator.Tests.Webhooks;

/// <summary>What a receiver can do wrong costs attempts, and no event.</summary>
[Collection(SharedStoresCollection.Name)]
public class FailureTests(SharedStores stores)
{
    [Fact]
    public async Task Refusals_and_broken_connections_repeat_the_same_batch_with_growing_waits_until_it_is_taken()
    {
        await using var installation = await stores.InstallAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var elsewhere = await Receiver.StartAsync();
        var attempts = 0;
        receiver.Does = (context, _) =>
        {
            switch (Interlocked.Increment(ref attempts))
            {
                case 1 or 2 or 3:
                    context.Response.StatusCode = 500;
                    break;
                case 4:
                    context.Abort();
                    context.Response.StatusCode = 500;
                    break;
                case 5:
                    context.Response.Redirect(elsewhere.Url);
                    break;
            }

            return Task.CompletedTask;
        };
        var aggregator = await installation.StartHookedAsync();
        var (id, _) = await aggregator.HookAsync(receiver.Url);
        var traffic = new Traffic(111);
        var producer = installation.NewProducer(1);
        await producer.PublishAsync(traffic.More(20), perEntry: 20);
        await Eventually.HoldsAsync(() => receiver.All.Count >= 2, "it was tried again");
        await producer.PublishAsync(traffic.More(20));
        await Eventually.HoldsAsync(() => receiver.Events.Count() >= 40, "all arrived");

        var tries = receiver.All.Take(6).ToList();
        Assert.Single(tries.Select(batch => batch.Id).Distinct());
        Assert.Single(tries.Select(batch => string.Join(' ', batch.EventIds)).Distinct());
        Assert.Equal(40, receiver.Events.Select(e => e.GetProperty("event_id").GetString()).Distinct().Count());
        Assert.Empty(elsewhere.All);

        var log = (await aggregator.CallAsync(HttpMethod.Get, $"/v1/webhooks/{id}/attempts?limit=50")).Json.GetProperty("attempts").EnumerateArray().Reverse().Take(6).ToList();
        Assert.Equal([500, 500, 500, null, 302, 200], log.Select(line => line.GetProperty("status").ValueKind == JsonValueKind.Null ? (int?)null : line.GetProperty("status").GetInt32()));
        Assert.Equal(Enumerable.Range(1, 6), log.Select(line => line.GetProperty("attempt").GetInt32()));
        Assert.Contains("redirects are not followed", log[4].GetProperty("error").GetString(), StringComparison.Ordinal);
        var waits = log.Take(5).Select(line => (line.GetProperty("next_attempt").GetDateTimeOffset() - line.GetProperty("at").GetDateTimeOffset()).TotalMilliseconds).ToList();
        var exact = 50.0;
        foreach (var wait in waits)
        {
            Assert.InRange(wait, Math.Max(50, exact * 0.75) - 20, Math.Min(400, exact * 1.25) + 20);
            exact = Math.Min(400, exact * 2);
        }
    }

    [Fact]
    public async Task A_receiver_that_is_too_slow_is_a_failure_and_Retry_After_is_honoured_up_to_its_bound()
    {
        await using var installation = await stores.InstallAsync();
        await using var receiver = await Receiver.StartAsync();
        var attempts = 0;
        receiver.Does = async (context, _) =>
        {
            switch (Interlocked.Increment(ref attempts))
            {
                case 1:
                    context.Response.StatusCode = 500;
                    await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                    break;
                case 2:
                    (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (503, "3600");
                    break;
            }
        };
        var aggregator = await installation.StartHookedAsync("--Aggregator:Webhooks:Timeout=00:00:01", "--Aggregator:Webhooks:LongestRetryAfter=00:00:01.500");
        var (id, _) = await aggregator.HookAsync(receiver.Url);
        await installation.NewProducer(1).PublishAsync(new Traffic(112).More(5));
        await Eventually.HoldsAsync(() => receiver.Events.Count() == 5, "all arrived");
        var log = (await aggregator.CallAsync(HttpMethod.Get, $"/v1/webhooks/{id}/attempts")).Json.GetProperty("attempts").EnumerateArray().Reverse().ToList();
        Assert.Contains("no answer within 1 s", log[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(1500, (log[1].GetProperty("next_attempt").GetDateTimeOffset() - log[1].GetProperty("at").GetDateTimeOffset()).TotalMilliseconds, tolerance: 50);
    }

    [Fact]
    public async Task Gone_stops_it_and_resuming_goes_on_where_it_stood()
    {
        await using var installation = await stores.InstallAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Does = (context, _) =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        var aggregator = await installation.StartHookedAsync();
        var (id, _) = await aggregator.HookAsync(receiver.Url);
        var (traffic, producer) = (new Traffic(113), installation.NewProducer(1));
        await producer.PublishAsync(traffic.More(10));
        await StateAsync(aggregator, id, "gone");
        await producer.PublishAsync(traffic.More(10));
        await installation.DrainedAsync();
        Assert.Single(receiver.All);
        receiver.Does = (_, _) => Task.CompletedTask;
        Assert.Equal(HttpStatusCode.OK, (await aggregator.CallAsync(HttpMethod.Post, $"/v1/webhooks/{id}/resume")).Status);
        await Eventually.HoldsAsync(() => receiver.Events.Count() == 20, "all arrived");
        await StateAsync(aggregator, id, "active");
    }

    [Fact]
    public async Task Nothing_but_failures_for_too_long_pauses_it_and_nothing_is_lost()
    {
        await using var installation = await stores.InstallAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Does = (context, _) =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
        var aggregator = await installation.StartHookedAsync("--Aggregator:Webhooks:PauseAfter=00:00:01");
        var (id, _) = await aggregator.HookAsync(receiver.Url);
        await installation.NewProducer(1).PublishAsync(new Traffic(114).More(10));
        await StateAsync(aggregator, id, "paused");
        var status = (await aggregator.LookAsync(id)).GetProperty("status");
        Assert.Equal("the receiver answered 404", status.GetProperty("last_error").GetString());
        Assert.NotEqual(JsonValueKind.Null, status.GetProperty("failing_since").ValueKind);
        receiver.Does = (_, _) => Task.CompletedTask;
        Assert.Equal(HttpStatusCode.OK, (await aggregator.CallAsync(HttpMethod.Patch, $"/v1/webhooks/{id}", "{\"enabled\":true}")).Status);
        await Eventually.HoldsAsync(() => receiver.Events.Count() == 10, "all arrived");
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_refused_when_it_is_dialled_and_so_is_a_receiver_without_TLS()
    {
        await using var installation = await stores.InstallAsync();
        await using var receiver = await Receiver.StartAsync();
        var closed = await installation.StartAggregatorAsync(settings: ["--Aggregator:Webhooks:PlainHttpHosts:0=localhost"]);
        var (id, _) = await closed.HookAsync($"http://localhost:{receiver.Port}/");
        var test = (await closed.CallAsync(HttpMethod.Post, $"/v1/webhooks/{id}/test")).Json;
        Assert.False(test.GetProperty("taken").GetBoolean());
        Assert.Contains("AllowedNetworks", test.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(receiver.All);

        // What a name leads to here is nobody's business.
        var (unknown, _) = await closed.HookAsync("https://nobody.invalid/");
        Assert.Equal(test.GetProperty("error").GetString(), (await closed.CallAsync(HttpMethod.Post, $"/v1/webhooks/{unknown}/test")).Json.GetProperty("error").GetString());

        var open = await installation.StartHookedAsync();
        var (tls, _) = await open.HookAsync($"https://127.0.0.1:{receiver.Port}/");
        Assert.Contains("TLS", (await open.CallAsync(HttpMethod.Post, $"/v1/webhooks/{tls}/test")).Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(receiver.All);
        var (well, _) = await open.HookAsync(receiver.Url + "/well");
        receiver.Does = (context, _) => context.Response.WriteAsync("thanks\n");
        test = (await open.CallAsync(HttpMethod.Post, $"/v1/webhooks/{well}/test")).Json;
        Assert.Equal((true, 200, "thanks"), (test.GetProperty("taken").GetBoolean(), test.GetProperty("status").GetInt32(), test.GetProperty("answer").GetString()));
        Assert.Equal("test", Assert.Single(receiver.All).Json.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Events_of_replayed_dead_letters_arrive_though_their_numbers_are_long_past()
    {
        await using var installation = await stores.InstallAsync();
        await using var receiver = await Receiver.StartAsync();
        var aggregator = await installation.StartHookedAsync();
        var (traffic, producer) = (new Traffic(115), installation.NewProducer(6));
        await aggregator.HookAsync(receiver.Url);
        await producer.PublishAsync(traffic.More(10));

        // Ten numbers that nobody could read when they came.
        var (bytes, count) = producer.Pack(traffic.More(10));
        await producer.PublishAsync(([99, .. bytes.AsSpan(1)], count));
        await producer.PublishAsync(traffic.More(10));
        await Eventually.HoldsAsync(() => receiver.Events.Count() == 20, "what could be read arrived");
        await installation.DrainedAsync();
        await installation.Redis.KeyDeleteAsync(installation.Names.Dead);
        await installation.Redis.ExecuteAsync(
            "XADD", (RedisKey)installation.Names.Dead, "*", "reason", "made up", "producer", "6", "number", "11", "count", "10", "entry", "1-0", "raw", bytes);
        Assert.Equal(HttpStatusCode.OK, (await aggregator.CallAsync(HttpMethod.Post, "/v1/deadletters/replay", "{\"shard\":0,\"all\":true}")).Status);
        await Eventually.HoldsAsync(() => receiver.Events.Count() == 30, "the others, too");
        Assert.Equal(Enumerable.Range(1, 30).Select(number => $"0-6-{number}").Order(StringComparer.Ordinal), receiver.Events.Select(e => e.GetProperty("event_id").GetString()).Order(StringComparer.Ordinal));
    }

    private static Task StateAsync(TestAggregator aggregator, string id, string state) => Eventually.HoldsAsync(
        async () => (await aggregator.LookAsync(id)).GetProperty("state").GetString() == state, $"it is {state}");
}
