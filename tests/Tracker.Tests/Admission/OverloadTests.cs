using System.Net;
using Delivery.Contracts.Events;
using Delivery.Testing;
using Delivery.Tracker.Tests.Publishing;

namespace Delivery.Tracker.Tests.Admission;

/// <summary>What is shed first is recording, never an answer.</summary>
public sealed class OverloadTests
{
    [Fact]
    public async Task Beyond_what_may_wait_people_are_redirected_at_once_and_what_is_not_recorded_is_counted()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(
            redis, $"--Redis:Address={redis.Address},syncTimeout=60000", "--Tracker:MaxInFlight=5", "--Tracker:RecordDeadlineMs=10000", "--Tracker:AnswerDeadlineMs=20000", "--Tracker:PublishTimeoutMs=20000");
        await PublishingTests.ClickAllAsync(tracker, 0, 3, concurrency: 1);
        await tracker.Database.ExecuteAsync("CLIENT", ["PAUSE", "600000", "WRITE"]);
        var waiting = Enumerable.Range(3, 5).Select(i => PublishingTests.ClickAllAsync(tracker, i, 1)).ToList();
        await Eventually.HoldsAsync(async () => await tracker.CountAsync("in_flight") == 5, "five wait");

        await PublishingTests.ClickAllAsync(tracker, 8, 40).WaitAsync(TimeSpan.FromSeconds(8));
        Assert.Equal(40, await tracker.CountAsync("shed"));
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        var unsubscribe = tracker.SendAsync(HttpMethod.Post, "/u/" + tracker.Unsubscribe());
        await Eventually.HoldsAsync(async () => await tracker.CountAsync("in_flight") == 6, "the unsubscribe waits too");

        await tracker.Database.ExecuteAsync("CLIENT", ["UNPAUSE"]);
        await Task.WhenAll(waiting);
        using (var unsubscribed = await unsubscribe)
            Assert.Equal(HttpStatusCode.OK, unsubscribed.StatusCode);
        var events = await tracker.EventsAsync();
        PublishingTests.AssertGapFree(events);
        Assert.Equal(Enumerable.Range(0, 8), events.Where(e => e.Row.Kind == (byte)EventKind.Clicked).Select(e => (int)e.Row.Recipient).Order());
        Assert.Single(events, e => e.Row.Kind == (byte)EventKind.Unsubscribed);
        Assert.Equal(48, await tracker.CountAsync("clicked"));
        Assert.Equal(0, await tracker.CountAsync("in_flight"));
        using var metrics = await tracker.GetAsync("/metrics");
        Assert.Contains("delivery_tracker_events_shed_total 40", await metrics.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
