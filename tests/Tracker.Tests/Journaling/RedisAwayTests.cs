using System.Globalization;
using Xunit.Abstractions;

namespace Delivery.Tracker.Tests.Journaling;

/// <summary>
/// Redis away for some seconds under load: readers must not notice. <c>DELIVERY_REDIS_AWAY_SECONDS</c> (default 3) says how long, and as long before
/// and after; the figures are in the output.
/// </summary>
public sealed class RedisAwayTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("DELIVERY_REDIS_AWAY_SECONDS") ?? "3", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("killed")]
    [InlineData("frozen")]
    public async Task No_redirect_fails_none_is_slow_and_every_event_is_counted(string how)
    {
        await using var all = await TrackerInstallation.StartAsync(("PublishTimeoutMs", "500"));
        all.StartReaders();
        await all.AnsweredAsync(500);
        await PhaseAsync();
        var before = all.TakeTimes();
        Action back = how == "killed" ? () => { } : await all.FreezeRedisAsync();
        if (how == "killed")
            await all.Redis.KillAsync();
        await PhaseAsync();
        var away = all.TakeTimes();
        if (how == "killed")
            await all.Redis.LaunchAsync();
        back();
        await PhaseAsync();
        var after = all.TakeTimes();
        await all.CheckAsync();
        Assert.Equal(0, all.Unanswered);
        Say("before", before);
        Say("away", away);
        Say("after", after);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p99 away / before: {Percent(away, 99) / Percent(before, 99):0.00}"));
        Assert.InRange(Percent(away, 99), 0, 2_000);
    }

    /// <summary>The load goes on while the phase lasts; what is waited for is the time itself.</summary>
    private static Task PhaseAsync() => Task.Delay(Phase);

    private void Say(string phase, double[] times) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{phase}: {times.Length} answers, p50 {Percent(times, 50):0.00} ms, p99 {Percent(times, 99):0.00} ms, max {times[^1]:0.0} ms"));

    private static double Percent(double[] times, int percent) => times[times.Length * percent / 100];
}
