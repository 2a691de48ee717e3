using Delivery.Mta.Tests.Jobs.Control;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Lanes;

/// <summary>Mail that somebody waits for, beside a bulk run.</summary>
public sealed class PriorityTests
{
    /// <summary>What the bulk run has between the spool and the relay, all of which would go first in one line.</summary>
    private const int FullPipeline = 1_024;

    [Fact]
    public async Task A_transactional_mail_overtakes_all_that_waits_before_a_slow_relay()
    {
        await using var mta = await MtaFixture.StartAsync();
        using var relay = new HeldRelay(mta.Peer);
        var bulk = await mta.SubmitAsync(MtaFixture.Job(2 * FullPipeline));
        await Eventually.HoldsAsync(async () => await mta.InFlightAsync() == FullPipeline, "the bulk run has all its places", TimeSpan.FromMinutes(1));

        var job = MtaFixture.Job(0).With("transactional", true);
        job["recipients"] = new[] { new { address = new { email = "urgent@example.com" } } };
        var urgent = await mta.SubmitAsync(job);
        var answered = 0;
        await Eventually.HoldsAsync(
            () =>
            {
                relay.Answer(1);
                answered++;
                return mta.Peer.Messages.Any(message => message.Recipient == "urgent@example.com");
            },
            "the urgent mail is there",
            TimeSpan.FromMinutes(1));

        Assert.InRange(answered, 1, FullPipeline / 4);
        relay.AnswerAll();
        Assert.Equal(1, (await mta.FinishedAsync(urgent)).Count("delivered"));
        Assert.Equal(2 * FullPipeline, (await mta.FinishedAsync(bulk, TimeSpan.FromMinutes(2))).Count("delivered"));
        Assert.Equal(2 * FullPipeline + 1, mta.Peer.Messages.Select(message => message.Recipient).Distinct().Count());
    }
}
