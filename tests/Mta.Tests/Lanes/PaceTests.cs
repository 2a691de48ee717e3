using Delivery.Mta.Lanes;

namespace Delivery.Mta.Tests.Lanes;

public sealed class PaceTests
{
    private readonly StoppedClock _clock = new();

    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(7_000)]
    public void A_minute_has_what_the_rate_says_and_no_moment_more_than_a_tenth_of_a_second_s_worth(double perSecond)
    {
        var pace = new Pace(perSecond, _clock);
        var sent = new List<(double Second, int Count)>();
        for (var ms = 0; ms < 60_000; ms += 5)
        {
            Take(pace, ms, sent);
            _clock.Move(TimeSpan.FromMilliseconds(5));
        }

        Assert.InRange(sent.Sum(one => one.Count), perSecond * 60 * 0.99 - 1, perSecond * 60 * 1.01 + 1);
        Assert.All(sent, one => Assert.InRange(one.Count, 1, Math.Max(1, perSecond / 10)));
        for (var second = 0; second < 60; second++)
            Assert.InRange(sent.Where(one => one.Second >= second && one.Second < second + 1).Sum(one => one.Count), perSecond * 0.9 - 2, perSecond * 1.1 + 2);
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e-300)]
    [InlineData(double.Epsilon)]
    public void A_rate_slower_than_any_clock_waits_and_breaks_nothing(double perSecond)
    {
        var pace = new Pace(perSecond, _clock);
        pace.Charge(1);

        Assert.Equal(0, pace.Available(10));
        Assert.InRange(pace.NextSlice(), TimeSpan.FromMinutes(1), TimeSpan.FromHours(2));
    }

    [Fact]
    public void Who_was_late_catches_up_in_small_steps_and_by_a_second_s_worth_at_most()
    {
        var pace = new Pace(100, _clock);
        pace.Charge(1);
        _clock.Move(TimeSpan.FromSeconds(30));
        var sent = new List<(double Second, int Count)>();

        for (var ms = 0; ms < 2_000; ms += 5)
        {
            Take(pace, ms, sent);
            _clock.Move(TimeSpan.FromMilliseconds(5));
        }

        Assert.All(sent, one => Assert.InRange(one.Count, 1, 10));
        Assert.InRange(sent.Sum(one => one.Count), 290, 301);
    }

    [Fact]
    public void Where_it_says_when_there_is_something_then()
    {
        var pace = new Pace(40, _clock);
        for (var i = 0; i < 100; i++)
        {
            _clock.Move(pace.NextSlice() + TimeSpan.FromTicks(1));
            var count = pace.Available(1_000);
            Assert.InRange(count, 1, 4);
            pace.Charge(count);
        }
    }

    private static void Take(Pace pace, int ms, List<(double Second, int Count)> sent)
    {
        if (pace.NextSlice() > TimeSpan.Zero)
            return;
        var count = pace.Available(int.MaxValue);
        pace.Charge(count);
        sent.Add((ms / 1000.0, count));
    }
}
