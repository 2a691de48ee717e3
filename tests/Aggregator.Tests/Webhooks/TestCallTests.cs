using System.Net;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Aggregator.Webhooks;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Webhooks;

[Collection(SharedStoresCollection.Name)]
public class TestCallTests(SharedStores stores)
{
    [Fact]
    public async Task A_webhook_is_tested_once_at_a_time_and_events_flow_beside_it()
    {
        await using var installation = await stores.InstallAsync();
        await using var receiver = await Receiver.StartAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        receiver.Does = (_, batch) => batch.Json.GetProperty("type").GetString() == "test" ? release.Task : Task.CompletedTask;
        var aggregator = await installation.StartHookedAsync("--Aggregator:Webhooks:MaxConcurrent=4");
        var (id, _) = await aggregator.HookAsync(receiver.Url);
        var first = aggregator.CallAsync(HttpMethod.Post, $"/v1/webhooks/{id}/test");
        await Eventually.HoldsAsync(() => !receiver.All.IsEmpty, "the test is under way");

        using (var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/webhooks/{id}/test") { Headers = { { "Authorization", "Bearer " + Installation.Key } } })
        using (var second = await aggregator.Http.SendAsync(request))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
            Assert.NotNull(second.Headers.RetryAfter);
        }

        await installation.NewProducer(1).PublishAsync(new Traffic(132).More(10));
        await Eventually.HoldsAsync(() => receiver.Taken.Where(batch => batch.Json.GetProperty("type").GetString() == "events").Sum(batch => batch.Events.Count) == 10, "events arrived");
        release.SetResult();
        Assert.True((await first).Json.GetProperty("taken").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await aggregator.CallAsync(HttpMethod.Post, $"/v1/webhooks/{id}/test")).Status);
    }

    [Fact]
    public void Four_are_tested_at_one_time_and_a_place_that_is_given_back_is_free()
    {
        var places = new TestPlaces();
        var taken = Enumerable.Range(0, TestPlaces.MostAtOnce).Select(i => places.TryTake($"wh_{i}")).ToList();
        Assert.All(taken, Assert.NotNull);
        Assert.Null(places.TryTake("wh_more"));
        taken[0]!.Dispose();
        Assert.Null(places.TryTake("wh_1"));
        Assert.NotNull(places.TryTake("wh_more"));
    }
}
