using Delivery.Aggregator.Watch;

namespace Delivery.Aggregator.Tests.Watch;

public class BoundAlarmTests
{
    [Fact]
    public void Each_level_speaks_once_and_the_end_once()
    {
        var alarm = new BoundAlarm(new WatchOptions());
        Assert.Equal(
            [false, true, false, false, true, true, false, false, false, true, false],
            new double[] { 49, 50, 49, 60, 81, 97, 96, 85, 70, 44, 40 }.Select(alarm.Moves));
        Assert.Equal(AlarmLevel.None, alarm.Level);
    }

    [Fact]
    public void What_swings_about_a_level_speaks_once()
    {
        var alarm = new BoundAlarm(new WatchOptions { Notice = 30, Warning = 60, Critical = 90 });
        Assert.Equal([true, false, false, false, false], new double[] { 31, 29, 31, 28, 33 }.Select(alarm.Moves));
    }

    [Fact]
    public void Growth_is_over_the_last_minutes()
    {
        var growth = new Growth();
        Assert.Null(growth.Take(TimeSpan.Zero, 1_000));
        Assert.Equal(10, growth.Take(TimeSpan.FromSeconds(10), 1_100));
        Assert.Equal(10, growth.Take(TimeSpan.FromMinutes(5), 4_000));
        Assert.Equal(0, growth.Take(TimeSpan.FromMinutes(10), 4_000));
    }
}
