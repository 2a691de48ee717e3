using Delivery.Aggregator.Live;

namespace Delivery.Aggregator.Tests.Live;

public class LivePaceTests
{
    [Fact]
    public void A_job_without_events_is_looked_at_every_15_seconds_and_at_once_when_some_come()
    {
        var pace = new LivePace(Seconds(1));
        Assert.True(pace.IsDue(Seconds(0), "a"));
        pace.Looked("a", changed: true);
        Assert.False(pace.IsDue(Seconds(14), "a"));
        Assert.True(pace.IsDue(Seconds(15), "a"));
        pace.Looked("a", changed: false);
        Assert.False(pace.IsDue(Seconds(0.9), "b"));
        Assert.True(pace.IsDue(Seconds(1), "b"));
    }

    [Fact]
    public void Events_of_other_jobs_make_looks_rarer_and_a_change_makes_them_frequent_again()
    {
        var pace = new LivePace(Seconds(1));
        pace.Looked("0", changed: true);
        foreach (var (looked, pause) in ((string, double)[])[("1", 2), ("2", 4), ("3", 8), ("4", 15), ("5", 15)])
        {
            pace.Looked(looked, changed: false);
            Assert.False(pace.IsDue(Seconds(pause - 0.1), "next"));
            Assert.True(pace.IsDue(Seconds(pause), "next"));
        }

        pace.Looked("6", changed: true);
        Assert.True(pace.IsDue(Seconds(1), "next"));
    }

    [Fact]
    public void While_Redis_does_not_tell_it_looks_every_15_seconds()
    {
        var pace = new LivePace(Seconds(1));
        pace.Looked(null, changed: true);
        Assert.False(pace.IsDue(Seconds(14), null));
        Assert.True(pace.IsDue(Seconds(15), null));
        Assert.True(pace.IsDue(Seconds(1), "a"));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
