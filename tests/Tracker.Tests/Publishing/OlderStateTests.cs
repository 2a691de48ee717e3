using Delivery.Contracts.Streams;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Tracker.Tests.Publishing;

/// <summary>Redis comes back without the last entries that it acknowledged (its fsync window).</summary>
public sealed class OlderStateTests
{
    [Fact]
    public async Task Entries_that_redis_lost_are_sent_again_before_the_next_ones()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(redis);
        await ClickOneByOneAsync(tracker, 0, 20);
        await ForgetAsync(tracker, keepEntries: 13);
        await ClickOneByOneAsync(tracker, 20, 3);

        var events = await tracker.EventsAsync();
        PublishingTests.AssertGapFree(events);
        Assert.Equal(Enumerable.Range(0, 23), events.Select(e => (int)e.Row.Recipient));
        Assert.Equal(7, await tracker.CountAsync("resent"));
        Assert.Equal(0, await tracker.CountAsync("gaps"));
    }

    [Fact]
    public async Task A_restart_is_noticed_without_any_new_event()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(redis);
        await ClickOneByOneAsync(tracker, 0, 10);
        await ForgetAsync(tracker, keepEntries: 4);
        await redis.RestartAsync();
        await Eventually.HoldsAsync(async () => (await tracker.EventsAsync()).Count == 10, "what was lost is there again");
        var events = await tracker.EventsAsync();
        PublishingTests.AssertGapFree(events);
        Assert.Equal(Enumerable.Range(0, 10), events.Select(e => (int)e.Row.Recipient));
    }

    [Fact]
    public async Task What_the_journal_no_longer_has_is_leapt_over_and_counted()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(redis, "--Tracker:KeepAcknowledged=00:00:00", "--Tracker:JournalSegmentBytes=4096");
        await ClickOneByOneAsync(tracker, 0, 60);
        await Eventually.HoldsAsync(async () => await tracker.CountAsync("journal_bytes") < 2 * 4096, "the journal has let go of what Redis has");
        await ForgetAsync(tracker, keepEntries: 2);
        await ClickOneByOneAsync(tracker, 60, 2);

        var events = await tracker.EventsAsync();
        var gaps = await tracker.CountAsync("gaps");
        Assert.InRange(gaps, 10, 58);
        Assert.Equal(62 - gaps, events.Count);
        Assert.Equal([1UL, 2], events.Take(2).Select(e => e.Number));
        Assert.Equal(Enumerable.Range(0, events.Count - 2).Select(i => (ulong)(3 + gaps + i)), events.Skip(2).Select(e => e.Number));
    }

    [Fact]
    public async Task A_redis_that_lost_everything_gets_what_is_kept()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(redis);
        await ClickOneByOneAsync(tracker, 0, 8);
        await tracker.Database.ExecuteAsync("FLUSHALL");
        await ClickOneByOneAsync(tracker, 8, 1);
        var events = await tracker.EventsAsync();
        PublishingTests.AssertGapFree(events);
        Assert.Equal(9, events.Count);
    }

    [Fact]
    public async Task A_mark_that_somebody_else_moved_makes_the_tracker_another_producer()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(redis);
        await ClickOneByOneAsync(tracker, 0, 3);
        var marks = new StreamNames(tracker.Redis, 0).Marks;
        var producer = (await tracker.Database.HashKeysAsync(marks)).Single();
        await tracker.Database.HashSetAsync(marks, producer, 5);
        await ClickOneByOneAsync(tracker, 3, 4);
        var events = await tracker.EventsAsync();
        PublishingTests.AssertGapFree(events);
        Assert.Equal(Enumerable.Range(0, 7), events.Select(e => (int)e.Row.Recipient));
        Assert.Equal(2, events.Select(e => e.Producer).Distinct().Count());
    }

    private static async Task ClickOneByOneAsync(TrackerHost tracker, int first, int count)
    {
        await PublishingTests.ClickAllAsync(tracker, first, count, concurrency: 1);
        await tracker.SettledAsync();
    }

    /// <summary>Sets stream and mark back, as a restart with an AOF that lacks its end does.</summary>
    private static async Task ForgetAsync(TrackerHost tracker, int keepEntries)
    {
        var names = new StreamNames(tracker.Redis, 0);
        var events = await tracker.EventsAsync();
        var entries = events.Select(e => e.EntryId).Distinct().ToList();
        var lost = entries.Skip(keepEntries).Select(id => (object)id).ToArray();
        await tracker.Database.ExecuteAsync("XDEL", [names.Entries, .. lost]);
        var mark = events.Last(e => e.EntryId == entries[keepEntries - 1]).Number;
        await tracker.Database.HashSetAsync(names.Marks, events[0].Producer, mark.ToString());
    }
}
