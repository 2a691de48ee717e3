using Delivery.Mta.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

public sealed class LockStepTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_peer_without_pipelining_is_never_sent_two_commands_at_once(bool heloOnly)
    {
        await using var server = new ScriptedSmtpServer { Extensions = ["8BITMIME"] };
        var early = 0;
        server.AsyncScript = async at =>
        {
            if (heloOnly && at.Step == SmtpStep.Ehlo) return "502 5.5.1 What?";
            if (at.Step is not (SmtpStep.Mail or SmtpStep.Rcpt or SmtpStep.Data or SmtpStep.Dot)) return null;
            try
            {
                await at.WaitForPipelinedAsync("\r\n", TimeSpan.FromMilliseconds(20));
                Interlocked.Increment(ref early);
            }
            catch (TimeoutException)
            {
            }
            return (at.Step, at.Transaction) switch
            {
                (SmtpStep.Mail, 1) => "451 4.3.0 Later",
                (SmtpStep.Rcpt, 2) => "550 5.1.1 No such user",
                (SmtpStep.Data, 3) => "451 4.3.0 Later",
                (SmtpStep.Dot, 4) => "552 5.2.2 Over quota",
                _ => null,
            };
        };
        var messages = TestMessage.Many(6);

        Assert.Null(await SmtpRun.SendAsync(server, messages));

        Assert.Equal(
            [AttemptResult.Delivered, AttemptResult.Deferred, AttemptResult.Refused, AttemptResult.Deferred, AttemptResult.Refused, AttemptResult.Delivered],
            (await SmtpRun.OutcomesAsync(messages)).Select(a => a.Result));
        Assert.Equal(0, early);
        Assert.Equal(2, server.Commands.Count(c => c == "RSET"));
        Assert.Equal(heloOnly, server.Commands.Contains("HELO client.test"));
    }

    [Fact]
    public async Task A_peer_that_hangs_up_gets_its_messages_back_to_their_owner()
    {
        await using var server = new ScriptedSmtpServer { Extensions = [] };
        server.Script = at => (at.Step, at.Transaction) == (SmtpStep.Rcpt, 1) ? SmtpAnswer.Drop : null;
        var messages = TestMessage.Many(2);

        var loss = await SmtpRun.SendAsync(server, messages);

        Assert.Equal(SmtpLoss.Broken, loss?.Loss);
        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal(AttemptResult.Delivered, attempts[0].Result);
        Assert.Equal((AttemptResult.ConnectionLost, SmtpStage.Rcpt, false), (attempts[1].Result, attempts[1].Stage, attempts[1].Uncertain));
    }
}
