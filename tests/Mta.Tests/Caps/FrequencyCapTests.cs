using Delivery.Contracts;
using Delivery.Contracts.Streams;
using Delivery.Mta.Tests.Jobs.Control;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Caps;

/// <summary>How often one person is written to.</summary>
public sealed class FrequencyCapTests
{
    [Fact]
    public async Task The_cap_holds_across_jobs_and_a_restart_of_both_programs_and_transactional_mail_is_free_of_it()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__FrequencyCap__Messages", "2"), ("Mta__FrequencyCap__Span", "1.00:00:00"));
        Assert.Equal(300, (await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(300)))).Count("delivered"));
        Assert.Equal(200, (await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(200)))).Count("delivered"));
        await Eventually.HoldsAsync(() => mta.OutboxIsEmpty(), "all is published");
        await mta.Program.StopAsync();
        await mta.Redis.RestartAsync();
        await mta.Program.LaunchAsync();

        var third = await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(400)));

        Assert.Equal((200L, 200L), (third.Count("delivered"), third.Count("dropped")));
        Assert.Equal(200L, mta.Spool("SELECT count(*) FROM recipient WHERE detail = 'capped' AND ordinal < 200"));
        var urgent = await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(50).With("transactional", true)));
        Assert.Equal(50, urgent.Count("delivered"));
        Assert.All(mta.Peer.Messages.GroupBy(message => message.Recipient), copies => Assert.InRange(copies.Count(), 1, 3));
    }

    [Fact]
    public async Task Killed_in_the_middle_nobody_is_counted_twice_for_one_job()
    {
        const int Recipients = 1_000;
        await using var mta = await MtaFixture.StartAsync(("Mta__FrequencyCap__Messages", "1"), ("Mta__MaxInFlight", "128"));
        var id = await mta.SubmitAsync(MtaFixture.Job(Recipients));
        await Eventually.HoldsAsync(() => mta.Peer.Messages.Count >= 100, "some of it is sent");
        await mta.Program.KillAsync();
        await mta.Program.LaunchAsync();

        var status = await mta.FinishedAsync(id, TimeSpan.FromMinutes(1));

        Assert.Equal(Recipients, status.Count("delivered"));
    }

    [Fact]
    public async Task An_account_with_a_cap_of_its_own_has_that_one_and_a_message_that_is_too_old_does_not_count()
    {
        await using var mta = await MtaFixture.StartAsync(
            ("Mta__FrequencyCap__Accounts__0__Account", "1"), ("Mta__FrequencyCap__Accounts__0__Messages", "1"), ("Mta__FrequencyCap__Accounts__0__Span", "00:00:02"));
        await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(3)));
        var second = await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(3)));
        var redis = await mta.Redis.ConnectAsync();
        await Eventually.HoldsAsync(
            async () => (int)await redis.GetDatabase().ScriptEvaluateAsync("return #redis.call('KEYS', 'delivery:{cap:1}:*')") == 0, "what was counted is forgotten");

        var third = await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(3)));
        await redis.CloseAsync(allowCommandsToComplete: false);

        Assert.InRange(second.Count("dropped"), 0, 3);
        Assert.Equal(3, third.Count("delivered"));
    }
}
