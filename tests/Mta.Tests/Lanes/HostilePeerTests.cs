using System.Collections.Concurrent;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Lanes;

/// <summary>Connections that turn hostile, each in a way of its own, beside others of the same run that do not.</summary>
public sealed class HostilePeerTests
{
    private const int Recipients = 600;

    /// <summary>What a connection does once, from its second transaction on.</summary>
    private static readonly (SmtpStep Step, SmtpAnswer Answer)[] Tricks =
    [
        (SmtpStep.Dot, SmtpAnswer.Of("250 2.0.0 in a year").Dripping(TimeSpan.FromSeconds(1))),
        (SmtpStep.Rcpt, SmtpAnswer.Of("250 " + new string('x', 10 * 1024))),
        (SmtpStep.Mail, SmtpAnswer.Endless("250-and more\r\n")),
        (SmtpStep.Mail, SmtpAnswer.Of("421 4.3.2 not now").ThenDrop()),
        (SmtpStep.Rcpt, SmtpAnswer.Of("421 4.3.2 not now").ThenDrop()),
        (SmtpStep.Data, SmtpAnswer.Of("421 4.3.2 not now").ThenDrop()),
        (SmtpStep.Dot, SmtpAnswer.Of("421 4.3.2 not now").ThenDrop()),
        (SmtpStep.Data, SmtpAnswer.Drop),
        (SmtpStep.Dot, SmtpAnswer.Drop),
        (SmtpStep.Rcpt, SmtpAnswer.Of("450 4.2.1 later")),
        (SmtpStep.Rcpt, SmtpAnswer.Of("550 5.1.1 nobody")),
        (SmtpStep.Mail, SmtpAnswer.Raw("what is this\r\n")),
    ];

    [Fact]
    public async Task Hostile_connections_cost_their_own_recipients_something_and_the_run_beside_them_nothing()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__Smtp__Connections", "16"), ("Mta__Smtp__FinalReplyTimeout", "00:00:03"));
        var tricks = new ConcurrentDictionary<int, int>();
        var played = new ConcurrentDictionary<int, bool>();
        var given = -1;
        mta.Peer.Script = exchange =>
        {
            if (exchange.Transaction < 1)
                return null;
            var trick = tricks.GetOrAdd(exchange.Connection, _ => Interlocked.Increment(ref given));
            return trick < Tricks.Length && exchange.Step == Tricks[trick].Step && played.TryAdd(trick, true) ? Tricks[trick].Answer : null;
        };

        var status = await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(Recipients)), TimeSpan.FromMinutes(1));

        Assert.Equal(Tricks.Length, played.Count);
        var bounced = status.GetProperty("bounced").GetInt64();
        Assert.Equal((Recipients - bounced, 1), (status.GetProperty("delivered").GetInt64(), bounced));
        var copies = mta.Peer.Messages.GroupBy(message => message.Recipient).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(Recipients - bounced, copies.Count);

        // The message whose dot got 421 was refused: the peer has seen it, and has not taken it.
        var extra = copies.Values.Sum(count => count - 1) - 1;
        Assert.InRange(status.GetProperty("uncertain").GetInt64(), extra, Tricks.Length);
    }
}
