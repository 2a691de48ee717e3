using Delivery.Mta.Smtp;

namespace Delivery.Mta.Tests.Smtp;

public sealed class SmtpBackOffTests
{
    private readonly MovedTime _clock = new();

    [Fact]
    public void The_pause_doubles_up_to_its_cap_less_up_to_half()
    {
        var backOff = BackOff();
        double[] longest = [1, 2, 4, 8, 16, 30, 30, 30];
        foreach (var seconds in longest)
        {
            var pause = backOff.Fail(out _);
            Assert.InRange(pause.TotalSeconds, seconds / 2, seconds);
            Assert.Equal(pause, backOff.Remaining);
            _clock.Advance(pause);
            Assert.Equal(TimeSpan.Zero, backOff.Remaining);
        }
    }

    [Fact]
    public void Failures_under_way_together_count_once()
    {
        var backOff = BackOff();
        var pause = backOff.Fail(out var first);
        Assert.True(first);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(pause, backOff.Fail(out first));
            Assert.False(first);
        }
    }

    [Fact]
    public void A_success_ends_the_row()
    {
        var backOff = BackOff();
        Assert.False(backOff.Succeed());
        backOff.Fail(out _);
        Assert.True(backOff.IsFailing);
        Assert.True(backOff.Succeed());
        Assert.False(backOff.IsFailing);
        Assert.Equal(TimeSpan.Zero, backOff.Remaining);
        backOff.Fail(out var first);
        Assert.True(first);
        Assert.InRange(backOff.Remaining.TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void A_failure_that_time_does_not_heal_has_the_longest_pause_at_once()
    {
        var pause = BackOff().Fail(out var first, longest: true);

        Assert.True(first);
        Assert.InRange(pause.TotalSeconds, 15, 30);
    }

    private SmtpBackOff BackOff() =>
        new(new SmtpOptions { ReconnectDelay = TimeSpan.FromSeconds(1), MaxReconnectDelay = TimeSpan.FromSeconds(30) }, _clock);
}
