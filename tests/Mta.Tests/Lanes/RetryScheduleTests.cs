using Delivery.Mta.Lanes;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Tests.Lanes;

public sealed class RetryScheduleTests
{
    private static readonly RetryTerms Bulk = new(StartedMs: 0);

    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 40)]
    [InlineData(4, 160)]
    [InlineData(5, 240)]
    [InlineData(60_000, 240)]
    public void The_pause_doubles_up_to_the_longest_give_or_take_a_tenth(int attempts, double minutes)
    {
        var plan = Schedule(new MtaOptions()).PlanOf(1, "a@example.com", transactional: false);
        for (var i = 0; i < 100; i++)
            Assert.InRange(RetrySchedule.AfterAttempt(plan, attempts).TotalMinutes, minutes * 0.9, minutes * 1.1);
    }

    [Fact]
    public void An_attempt_after_the_time_for_trying_is_expired()
    {
        var plan = Schedule(new MtaOptions { ExpireAfter = TimeSpan.FromHours(1) }).PlanOf(1, "a@example.com", transactional: false);
        Assert.False(RetrySchedule.IsExpired(plan, Bulk, 3_600_000));
        Assert.True(RetrySchedule.IsExpired(plan, Bulk, 3_600_001));
    }

    [Fact]
    public void A_job_s_own_end_cuts_the_time_for_trying()
    {
        var plan = Schedule(new MtaOptions()).PlanOf(1, "a@example.com", transactional: false);
        Assert.False(RetrySchedule.IsExpired(plan, Bulk with { ExpiresMs = 600_000 }, 599_999));
        Assert.True(RetrySchedule.IsExpired(plan, Bulk with { ExpiresMs = 600_000 }, 600_000));
    }

    [Fact]
    public void Transactional_mail_is_tried_sooner_and_not_as_long()
    {
        var schedule = Schedule(new MtaOptions());
        Assert.Equal(new RetryPlan(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromHours(12)), schedule.PlanOf(1, "a@example.com", transactional: true));
        Assert.Equal(new RetryPlan(TimeSpan.FromMinutes(20), TimeSpan.FromHours(4), TimeSpan.FromDays(3)), schedule.PlanOf(1, "a@example.com", transactional: false));
    }

    [Fact]
    public void The_first_override_that_matches_holds_and_leaves_the_rest_as_it_is()
    {
        var schedule = Schedule(new MtaOptions
        {
            Retries =
            [
                new RetryOverride { Account = 7, Domain = "slow.example", First = TimeSpan.FromHours(2) },
                new RetryOverride { Domain = "*.Example.com", Max = TimeSpan.FromHours(1) },
                new RetryOverride { Domain = "slow.example", First = TimeSpan.FromHours(1) },
                new RetryOverride { Transactional = true, Domain = "otp.example", ExpireAfter = TimeSpan.FromMinutes(10) },
                new RetryOverride { Account = 7, ExpireAfter = TimeSpan.FromDays(1) },
            ],
        });
        RetryPlan Of(uint account, string email, bool transactional = false) => schedule.PlanOf(account, email, transactional);

        Assert.Equal(TimeSpan.FromHours(2), Of(7, "a@slow.example").First);
        Assert.Equal(TimeSpan.FromDays(3), Of(7, "a@slow.example").ExpireAfter);
        Assert.Equal(TimeSpan.FromHours(1), Of(1, "a@SLOW.example").First);
        Assert.Equal(TimeSpan.FromHours(1), Of(7, "a@mail.example.com").Max);
        Assert.Equal(TimeSpan.FromHours(4), Of(1, "a@example.com").Max);
        Assert.Equal(TimeSpan.FromDays(1), Of(7, "a@example.com").ExpireAfter);
        Assert.Equal(TimeSpan.FromMinutes(10), Of(1, "a@otp.example", transactional: true).ExpireAfter);
        Assert.Equal(TimeSpan.FromDays(3), Of(1, "a@otp.example").ExpireAfter);
    }

    [Fact]
    public void What_a_peer_asks_for_holds_within_the_plan()
    {
        var plan = Schedule(new MtaOptions()).PlanOf(1, "a@example.com", transactional: false);
        Assert.InRange(RetrySchedule.AsAsked(plan, TimeSpan.FromSeconds(300)).TotalSeconds, 300, 330);
        Assert.Equal(plan.Max, RetrySchedule.AsAsked(plan, TimeSpan.FromDays(2)));
        Assert.Equal(TimeSpan.FromSeconds(1), RetrySchedule.AsAsked(plan, TimeSpan.FromMilliseconds(1)));
    }

    private static RetrySchedule Schedule(MtaOptions options) => new(Options.Create(options));
}
