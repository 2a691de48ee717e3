using System.Diagnostics;
using System.Net;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Tokens;
using Delivery.Testing;

namespace Delivery.Tracker.Tests.Publishing;

public sealed class PublishingTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task Five_hundred_concurrent_clicks_are_all_there_once_packed_and_numbered_without_a_gap()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        await ClickAllAsync(tracker, 0, 500);
        var events = await tracker.EventsAsync();
        AssertGapFree(events);
        Assert.Equal(Enumerable.Range(0, 500), events.Select(e => (int)e.Row.Recipient).Order());
        Assert.InRange(events.Select(e => e.EntryId).Distinct().Count(), 1, 499);
        Assert.Equal(500, await tracker.CountAsync("published"));
    }

    [Fact]
    public async Task Events_of_a_job_are_in_its_shard_s_stream()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, "--Redis:Shards=4");
        for (var job = 1UL; job <= 40; job++)
            (await tracker.GetAsync("/o/" + tracker.Open(TrackerHost.Subject with { Job = job * 7919 }))).Dispose();
        var events = await tracker.EventsAsync();
        Assert.Equal(40, events.Count);
        Assert.All(events, e => Assert.Equal(StreamNames.ShardOf(e.Row.Job, 4), e.Shard));
        Assert.Equal(4, events.Select(e => e.Shard).Distinct().Count());
        AssertGapFree(events);
    }

    [Fact]
    public async Task An_entry_holds_no_more_records_than_set()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, "--Tracker:EntryRecords=5");
        await ClickAllAsync(tracker, 0, 100);
        var events = await tracker.EventsAsync();
        AssertGapFree(events);
        Assert.InRange(events.GroupBy(e => e.EntryId).Max(g => g.Count()), 1, 5);
    }

    [Fact]
    public async Task A_stopping_tracker_publishes_what_waits()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, "--Tracker:RecordDeadlineMs=1");
        await ClickAllAsync(tracker, 0, 300);
        await tracker.StopAsync();
        var entries = (StackExchange.Redis.RedisResult[])(await tracker.Database.ExecuteAsync(
            "XRANGE", [new StreamNames(tracker.Redis, 0).Entries, "-", "+"]))!;
        Assert.Equal(300, entries.Sum(e => (int)((StackExchange.Redis.RedisValue[])((StackExchange.Redis.RedisResult[])e!)[1]!)[5]));
    }

    [Fact]
    public async Task While_redis_is_away_people_are_redirected_at_once_and_afterwards_every_event_is_there_once()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(redis);
        await ClickAllAsync(tracker, 0, 50);
        await redis.KillAsync();
        (await tracker.GetAsync("/c/" + tracker.Click())).Dispose();

        var watch = Stopwatch.StartNew();
        await ClickAllAsync(tracker, 51, 200, concurrency: 1);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 200 * 0.1);
        var status = await tracker.StatusAsync();
        Assert.False(status.GetProperty("redis").GetBoolean());
        Assert.Equal(251, status.GetProperty("clicked").GetInt64());
        Assert.InRange(status.GetProperty("journaled").GetInt64(), 200, 251);
        Assert.Equal(0, status.GetProperty("not_confirmed").GetInt64());
        Assert.Equal(0, status.GetProperty("dropped").GetInt64());
        using (var ready = await tracker.GetAsync("/readyz"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using (var alive = await tracker.GetAsync("/healthz"))
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);

        await redis.LaunchAsync();
        await ClickAllAsync(tracker, 251, 50);
        var events = await tracker.EventsAsync();
        AssertGapFree(events);
        Assert.Equal(301, events.Count);
        Assert.Equal(301, await tracker.CountAsync("published"));
        using var readyAgain = await tracker.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.OK, readyAgain.StatusCode);
    }

    [Fact]
    public async Task A_redis_that_hangs_costs_the_first_requests_the_deadline_and_the_others_nothing()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(redis, "--Tracker:RecordDeadlineMs=300", "--Tracker:PublishTimeoutMs=500");
        await ClickAllAsync(tracker, 0, 5);
        await tracker.Database.ExecuteAsync("CLIENT", ["PAUSE", "3000"]);
        var watch = Stopwatch.StartNew();
        await ClickAllAsync(tracker, 5, 1);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 2_500);
        watch.Restart();
        await ClickAllAsync(tracker, 6, 50, concurrency: 1);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 2_500);
        var events = await tracker.EventsAsync();
        AssertGapFree(events);
        Assert.Equal(Enumerable.Range(0, 56), events.Select(e => (int)e.Row.Recipient).Order());
    }

    [Fact]
    public async Task A_tracker_that_starts_before_redis_redirects_and_publishes_once_redis_is_there()
    {
        await using var redis = await RedisProcess.StartAsync();
        await redis.KillAsync();
        await using var tracker = await TrackerHost.StartAsync(redis);
        using (var answer = await tracker.GetAsync("/c/" + tracker.Click()))
            Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        await redis.LaunchAsync();
        Assert.Single(await tracker.EventsAsync());
    }

    [Fact]
    public async Task Beyond_what_may_wait_events_are_dropped_and_counted_and_numbers_have_no_gap()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(
            redis, "--Tracker:JournalMaxBytes=16384", "--Tracker:JournalSegmentBytes=4096", "--Tracker:EntryBytes=1024", "--Tracker:RecordDeadlineMs=20");
        await redis.KillAsync();
        await ClickAllAsync(tracker, 0, 300, concurrency: 4);
        var status = await tracker.StatusAsync();
        var dropped = status.GetProperty("dropped").GetInt64();
        Assert.InRange(dropped, 100, 290);
        Assert.InRange(status.GetProperty("journal_bytes").GetInt64(), 12_000, 16_384 + 200);
        Assert.True(status.GetProperty("journal_refuses").GetBoolean());
        await redis.LaunchAsync();
        var events = await tracker.EventsAsync();
        AssertGapFree(events);
        Assert.Equal(300 - dropped, events.Count);
        Assert.Equal(300 - dropped, await tracker.CountAsync("published"));
    }

    internal static async Task ClickAllAsync(TrackerHost tracker, int first, int count, int concurrency = 64) =>
        await Parallel.ForEachAsync(
            Enumerable.Range(first, count),
            new ParallelOptions { MaxDegreeOfParallelism = concurrency },
            async (i, _) =>
            {
                using var answer = await tracker.GetAsync("/c/" + tracker.Click(subject: TrackerHost.Subject with { Recipient = (uint)i }));
                Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
            });

    /// <summary>Per shard and producer: 1, 2, 3, … in the order of the stream.</summary>
    internal static void AssertGapFree(List<StreamEvent> events)
    {
        Assert.NotEmpty(events);
        foreach (var producer in events.GroupBy(e => (e.Shard, e.Producer)))
            Assert.Equal(Enumerable.Range(1, producer.Count()).Select(n => (ulong)n), producer.Select(e => e.Number));
    }
}
