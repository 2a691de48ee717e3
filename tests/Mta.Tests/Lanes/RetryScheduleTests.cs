using Delivery.Mta.Lanes;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Tests.Lanes;

public sealed class RetryScheduleTests
{
    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 40)]
    [InlineData(4, 160)]
    [InlineData(5, 240)]
    [InlineData(60_000, 240)]
    public void The_pause_doubles_up_to_the_longest_give_or_take_a_tenth(int attempts, double minutes)
    {
        var schedule = new RetrySchedule(Options.Create(new MtaOptions()));
        for (var i = 0; i < 100; i++)
            Assert.InRange(schedule.AfterAttempt(attempts).TotalMinutes, minutes * 0.9, minutes * 1.1);
    }

    [Fact]
    public void An_attempt_after_the_time_for_trying_is_expired()
    {
        var schedule = new RetrySchedule(Options.Create(new MtaOptions { ExpireAfter = TimeSpan.FromHours(1) }));
        Assert.False(schedule.IsExpired(0, 3_600_000));
        Assert.True(schedule.IsExpired(0, 3_600_001));
    }
}
