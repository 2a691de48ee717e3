using Delivery.Testing;

namespace Delivery.Tracker.Tests.Journaling;

/// <summary>kill -9 under load: what was answered for is in the stream once.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task A_tracker_killed_again_and_again_loses_nothing_it_answered_for_and_stays_one_producer()
    {
        await using var all = await TrackerInstallation.StartAsync();
        all.StartReaders();
        for (var i = 0; i < 4; i++)
        {
            await all.AnsweredAsync(100 + i * 50);
            await all.Tracker.KillAsync();
            await all.Tracker.LaunchAsync();
        }

        await all.AnsweredAsync(50);
        var events = await all.CheckAsync();
        Assert.Single(events.Select(e => e.Producer).Distinct());
    }

    [Fact]
    public async Task A_redis_killed_again_and_again_costs_no_event_and_no_reader_an_error()
    {
        await using var all = await TrackerInstallation.StartAsync();
        all.StartReaders();
        for (var i = 0; i < 3; i++)
        {
            await all.AnsweredAsync(200);
            await all.Redis.KillAsync();
            await all.AnsweredAsync(200);
            await all.Redis.LaunchAsync();
        }

        await all.AnsweredAsync(100);
        await all.CheckAsync();
        Assert.Equal(0, all.Unanswered);
        Assert.InRange(all.SlowestPercent(), 0, 2_000);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Both_killed_in_either_order_and_started_in_either_order_lose_nothing(bool trackerDiesFirst, bool trackerStartsFirst)
    {
        await using var all = await TrackerInstallation.StartAsync();
        all.StartReaders();
        for (var i = 0; i < 2; i++)
        {
            await all.AnsweredAsync(200);
            if (trackerDiesFirst)
            {
                await all.Tracker.KillAsync();
                await all.Redis.KillAsync();
            }
            else
            {
                await all.Redis.KillAsync();
                await all.AnsweredAsync(i * 100);
                await all.Tracker.KillAsync();
            }

            if (trackerStartsFirst)
            {
                await all.Tracker.LaunchAsync(ready: false);
                await all.AnsweredAsync(100);
                await all.Redis.LaunchAsync();
            }
            else
            {
                await all.Redis.LaunchAsync();
                await all.Tracker.LaunchAsync();
            }
        }

        await all.AnsweredAsync(50);
        var events = await all.CheckAsync();
        Assert.Single(events.Select(e => e.Producer).Distinct());
    }

    [Fact]
    public async Task A_redis_that_lost_its_last_seconds_gets_them_from_a_tracker_that_was_killed_too()
    {
        await using var all = await TrackerInstallation.StartAsync();
        await all.ClickAsync(40);
        using (var redis = await all.Redis.ConnectAsync())
            await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        await all.Tracker.KillAsync();
        await all.Redis.RestartAsync();
        await all.Tracker.LaunchAsync();
        await all.ClickAsync(5);
        Assert.Equal(45, (await all.CheckAsync()).Count);
    }

    [Fact]
    public async Task A_redis_that_hangs_costs_no_event_and_no_reader_an_error()
    {
        await using var all = await TrackerInstallation.StartAsync(("PublishTimeoutMs", "300"));
        all.StartReaders();
        await all.AnsweredAsync(200);
        var thaw = await all.FreezeRedisAsync();
        await all.AnsweredAsync(1_000);
        thaw();
        await all.AnsweredAsync(100);
        await all.CheckAsync();
        Assert.Equal(0, all.Unanswered);
        Assert.InRange(all.SlowestPercent(), 0, 2_000);
    }

    [Fact]
    public async Task With_every_event_flushed_first_a_killed_tracker_loses_nothing_either()
    {
        await using var all = await TrackerInstallation.StartAsync(("JournalFsync", "Always"));
        all.StartReaders();
        await all.AnsweredAsync(200);
        await all.Tracker.KillAsync();
        await all.Tracker.LaunchAsync();
        await all.AnsweredAsync(100);
        await all.Redis.KillAsync();
        await all.AnsweredAsync(100);
        await all.Redis.LaunchAsync();
        await all.CheckAsync();
    }
}
