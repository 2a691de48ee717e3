using Delivery.Mta.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

public sealed class PipeliningTests
{
    [Fact]
    public async Task The_next_message_is_opened_before_the_last_one_is_answered()
    {
        await using var server = new ScriptedSmtpServer();
        server.AsyncScript = async at =>
        {
            if (at.Step == SmtpStep.Dot && at.Transaction < 4)
                await at.WaitForPipelinedAsync($"RCPT TO:<r{at.Transaction + 1}@example.test>\r\nDATA\r\n", TimeSpan.FromSeconds(10));
            return null;
        };
        var messages = TestMessage.Many(5);

        Assert.Null(await SmtpRun.SendAsync(server, messages));

        Assert.All(await SmtpRun.OutcomesAsync(messages), a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.Equal(5, server.Messages.Count);
    }

    [Fact]
    public async Task A_message_costs_one_write_and_one_round_trip()
    {
        await using var server = new ScriptedSmtpServer();
        var messages = TestMessage.Many(50);

        Assert.Null(await SmtpRun.SendAsync(server, messages));

        Assert.Equal(50, server.Messages.Count);
        // EHLO, the first opening, fifty bodies, QUIT.
        Assert.Equal(53, server.Reads);
    }

    [Fact]
    public async Task A_message_that_nobody_follows_is_finished_at_once()
    {
        await using var server = new ScriptedSmtpServer();
        var channel = System.Threading.Channels.Channel.CreateBounded<OutgoingMessage>(4);
        using var connection = new SmtpConnection(SmtpRun.Options(server.Port), TimeProvider.System);
        await connection.OpenAsync(CancellationToken.None);
        var running = connection.RunAsync(channel);

        foreach (var message in TestMessage.Many(3))
        {
            await channel.Writer.WriteAsync(message);
            Assert.Equal(AttemptResult.Delivered, (await message.Done).Result);
        }

        channel.Writer.Complete();
        await running;
        Assert.Equal(1, server.Connections);
        Assert.Equal("QUIT", server.Commands.Last());
    }

    [Fact]
    public async Task Refusals_within_a_pipeline_keep_to_their_own_recipients()
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at => at.Step == SmtpStep.Rcpt
            ? (at.Transaction % 3) switch { 1 => "450 4.2.1 Mailbox busy", 2 => "550 5.1.1 No such user", _ => null }
            : null;
        var messages = TestMessage.Many(60);

        Assert.Null(await SmtpRun.SendAsync(server, messages));

        var attempts = await SmtpRun.OutcomesAsync(messages);
        for (var i = 0; i < attempts.Length; i++)
        {
            var expected = (i % 3) switch { 1 => AttemptResult.Deferred, 2 => AttemptResult.Refused, _ => AttemptResult.Delivered };
            Assert.Equal(expected, attempts[i].Result);
            if (expected != AttemptResult.Delivered) Assert.Equal(FailureScope.Recipient, attempts[i].Scope);
        }
        Assert.Equal(new EnhancedStatus(5, 1, 1), attempts[2].Reply.Enhanced);
        Assert.Equal("No such user", attempts[2].Reply.Text);
        Assert.Equal(
            Enumerable.Range(0, 60).Where(i => i % 3 == 0).Select(i => $"Subject: {i}\r\n\r\nBody {i}\r\n"),
            server.Messages.Select(m => m.Text));
    }

    [Fact]
    public async Task A_refused_message_that_gets_354_is_ended_by_a_lone_dot()
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at => (at.Step, at.Transaction) switch
        {
            (SmtpStep.Rcpt, 1) => "550 5.1.1 No such user",
            (SmtpStep.Data, 1) => "354 Go on then",
            (SmtpStep.Dot, 1) => "250 2.0.0 Taken for nobody",
            (SmtpStep.Mail, 3) => "550 5.7.1 Not from you",
            (SmtpStep.Data, 3) => "354 Go on then",
            (SmtpStep.Dot, 3) => "554 5.5.1 No valid recipients",
            _ => null,
        };
        var messages = TestMessage.Many(5);

        Assert.Null(await SmtpRun.SendAsync(server, messages));

        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal(
            [AttemptResult.Delivered, AttemptResult.Refused, AttemptResult.Delivered, AttemptResult.Refused, AttemptResult.Delivered],
            attempts.Select(a => a.Result));
        Assert.Equal(SmtpStage.Rcpt, attempts[1].Stage);
        Assert.Equal((SmtpStage.Mail, FailureScope.Site), (attempts[3].Stage, attempts[3].Scope));
        Assert.Equal([".\r\n", ".\r\n"], server.Messages.Where(m => m.Raw.Length == 0).Select(m => System.Text.Encoding.ASCII.GetString(m.Wire)));
        Assert.DoesNotContain("RSET", server.Commands);
    }

    [Fact]
    public async Task A_transaction_that_stays_open_is_reset_with_the_next_one()
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at => (at.Step, at.Transaction) switch
        {
            (SmtpStep.Rcpt, 0) => "450 4.2.1 Later",
            (SmtpStep.Data, 2) => "451 4.3.0 Try again",
            (SmtpStep.Mail, 3) => "550 5.1.8 Unknown sender",
            _ => null,
        };
        var messages = TestMessage.Many(5);

        Assert.Null(await SmtpRun.SendAsync(server, messages));

        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal(
            [AttemptResult.Deferred, AttemptResult.Delivered, AttemptResult.Deferred, AttemptResult.Refused, AttemptResult.Delivered],
            attempts.Select(a => a.Result));
        Assert.Equal((SmtpStage.Data, FailureScope.Message), (attempts[2].Stage, attempts[2].Scope));
        Assert.Equal(FailureScope.Message, attempts[3].Scope);
        Assert.Equal(2, server.Commands.Count(c => c == "RSET"));
    }

    [Fact]
    public async Task Each_answer_to_the_dot_is_its_own_messages_outcome()
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at => (at.Step, at.Transaction) switch
        {
            (SmtpStep.Dot, 1) => "452 4.3.1 Disk full",
            (SmtpStep.Dot, 2) => "554-5.7.1 Looks like\n554-5.7.1 spam\n554 5.7.1 to us",
            _ => null,
        };
        var messages = TestMessage.Many(4);

        Assert.Null(await SmtpRun.SendAsync(server, messages));

        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal(
            [AttemptResult.Delivered, AttemptResult.Deferred, AttemptResult.Refused, AttemptResult.Delivered],
            attempts.Select(a => a.Result));
        Assert.Equal("554 5.7.1 Looks like spam to us", attempts[2].Reply.ToString());
        Assert.All(attempts, a => Assert.False(a.Uncertain));
    }

    [Fact]
    public async Task A_connection_is_left_after_its_share_of_messages()
    {
        await using var server = new ScriptedSmtpServer();
        var options = SmtpRun.Options(server.Port);
        options.MaxMessagesPerConnection = 3;
        var messages = TestMessage.Many(5);
        var channel = SmtpRun.Filled(messages);
        using var connection = new SmtpConnection(options, TimeProvider.System);
        await connection.OpenAsync(CancellationToken.None);

        await connection.RunAsync(channel);

        Assert.Equal(3, connection.Finished);
        Assert.Equal(2, channel.Reader.Count);
        Assert.Equal("QUIT", server.Commands.Last());
    }
}
