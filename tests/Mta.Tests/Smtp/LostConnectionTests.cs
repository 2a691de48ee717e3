using System.Net;
using System.Net.Sockets;
using System.Text;
using Delivery.Mta.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

public sealed class LostConnectionTests
{
    [Theory]
    [InlineData(SmtpStep.Mail)]
    [InlineData(SmtpStep.Rcpt)]
    [InlineData(SmtpStep.Data)]
    public async Task A_421_before_the_body_costs_no_attempt(SmtpStep step)
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at => at.Step == step && at.Transaction == 1 ? SmtpAnswer.Of("421 4.3.2 Shutting down").ThenDrop() : null;
        var messages = TestMessage.Many(2);

        var loss = await SmtpRun.SendAsync(server, messages);

        Assert.Equal(SmtpLoss.Refused, loss?.Loss);
        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal(AttemptResult.Delivered, attempts[0].Result);
        Assert.Equal(AttemptResult.ConnectionLost, attempts[1].Result);
        Assert.Equal(FailureScope.Session, attempts[1].Scope);
        Assert.Equal(421, attempts[1].Reply.Code);
        Assert.False(attempts[1].Uncertain);
    }

    [Fact]
    public async Task A_421_to_the_dot_defers_its_message_and_gives_the_next_one_back()
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at => at.Step == SmtpStep.Dot ? SmtpAnswer.Of("421 4.3.2 Shutting down").ThenDrop() : null;
        var messages = TestMessage.Many(2);

        await SmtpRun.SendAsync(server, messages);

        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal((AttemptResult.Deferred, FailureScope.Session, false), (attempts[0].Result, attempts[0].Scope, attempts[0].Uncertain));
        Assert.Equal((AttemptResult.ConnectionLost, false), (attempts[1].Result, attempts[1].Uncertain));
    }

    [Theory]
    [InlineData(SmtpStep.Banner, "421 4.3.2 Too busy")]
    [InlineData(SmtpStep.Banner, "554 5.7.1 Not you")]
    [InlineData(SmtpStep.Ehlo, "421 4.3.2 Too busy")]
    public async Task A_session_refused_at_its_start_takes_no_message(SmtpStep step, string reply)
    {
        await using var server = new ScriptedSmtpServer { Script = at => at.Step == step ? reply : null };
        var message = new TestMessage("r@example.test");

        var loss = await SmtpRun.SendAsync(server, message);

        Assert.Equal(SmtpLoss.Refused, loss?.Loss);
        Assert.Equal(reply, loss?.Reply.ToString());
        Assert.Equal(0, message.Completions);
    }

    [Theory]
    [InlineData(SmtpStep.Mail)]
    [InlineData(SmtpStep.Rcpt)]
    [InlineData(SmtpStep.Data)]
    public async Task A_drop_before_the_body_is_certain(SmtpStep step)
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at => at.Step == step ? SmtpAnswer.Drop : null;
        var message = new TestMessage("r@example.test");

        var loss = await SmtpRun.SendAsync(server, message);

        Assert.Equal(SmtpLoss.Broken, loss?.Loss);
        var attempt = Assert.Single(await SmtpRun.OutcomesAsync(message));
        Assert.Equal(AttemptResult.ConnectionLost, attempt.Result);
        Assert.False(attempt.Uncertain);
        Assert.Equal(0, attempt.Reply.Code);
    }

    [Fact]
    public async Task A_drop_within_a_large_body_is_certain()
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at =>
        {
            if (at.Step != SmtpStep.Data) return null;
            return SmtpAnswer.Of("354 Go on").ThenDrop();
        };
        var message = Large();

        await SmtpRun.SendAsync(server, message);

        var attempt = Assert.Single(await SmtpRun.OutcomesAsync(message));
        Assert.Equal((AttemptResult.ConnectionLost, SmtpStage.Body, false), (attempt.Result, attempt.Stage, attempt.Uncertain));
    }

    [Fact]
    public async Task A_drop_after_the_dot_is_uncertain_and_spares_the_next_message()
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at => at.Step == SmtpStep.Dot && at.Transaction == 1 ? SmtpAnswer.Drop : null;
        var messages = TestMessage.Many(4);

        await SmtpRun.SendAsync(server, messages.Take(3).ToArray());

        var attempts = await SmtpRun.OutcomesAsync(messages.Take(3).ToArray());
        Assert.Equal(AttemptResult.Delivered, attempts[0].Result);
        Assert.Equal((AttemptResult.ConnectionLost, true), (attempts[1].Result, attempts[1].Uncertain));
        Assert.Equal((AttemptResult.ConnectionLost, false), (attempts[2].Result, attempts[2].Uncertain));
    }

    [Theory]
    [InlineData(SmtpStep.Mail, false)]
    [InlineData(SmtpStep.Rcpt, false)]
    [InlineData(SmtpStep.Data, false)]
    [InlineData(SmtpStep.Dot, true)]
    public async Task A_peer_that_trickles_its_reply_is_left_at_the_stages_deadline(SmtpStep step, bool uncertain)
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at => at.Step == step ? SmtpAnswer.Of("250 " + new string('x', 400)).Dripping(TimeSpan.FromMilliseconds(20)) : null;
        var options = SmtpRun.Options(server.Port);
        options.MailTimeout = options.RcptTimeout = options.DataTimeout = options.FinalReplyTimeout = TimeSpan.FromMilliseconds(300);
        var message = new TestMessage("r@example.test");

        var loss = await SmtpRun.SendAsync(options, message);

        Assert.Equal(SmtpLoss.TimedOut, loss?.Loss);
        var attempt = Assert.Single(await SmtpRun.OutcomesAsync(message));
        Assert.Equal((AttemptResult.ConnectionLost, uncertain), (attempt.Result, attempt.Uncertain));
    }

    [Fact]
    public async Task A_transaction_ends_at_its_deadline_though_each_stage_is_in_time()
    {
        await using var server = new ScriptedSmtpServer { Extensions = [] };
        server.Script = at => at.Step is SmtpStep.Mail or SmtpStep.Rcpt or SmtpStep.Data
            ? SmtpAnswer.Of("250 " + new string('x', 10)).Dripping(TimeSpan.FromMilliseconds(20))
            : null;
        var options = SmtpRun.Options(server.Port);
        options.TransactionTimeout = TimeSpan.FromMilliseconds(400);

        var loss = await SmtpRun.SendAsync(options, new TestMessage("r@example.test"));

        Assert.Equal(SmtpLoss.TimedOut, loss?.Loss);
    }

    [Fact]
    public async Task A_peer_that_takes_no_bytes_is_left_at_the_body_deadline()
    {
        using var listener = Listen();
        var options = SmtpRun.Options(((IPEndPoint)listener.LocalEndpoint).Port);
        options.BodyTimeout = TimeSpan.FromMilliseconds(300);
        var message = Large();
        var sending = SmtpRun.SendAsync(options, message);
        using var peer = await AcceptUpToDataAsync(listener, pipelining: true);

        Assert.Equal(SmtpLoss.TimedOut, (await sending)?.Loss);

        var attempt = Assert.Single(await SmtpRun.OutcomesAsync(message));
        Assert.Equal((AttemptResult.ConnectionLost, false), (attempt.Result, attempt.Uncertain));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refusal_in_the_middle_of_a_body_is_heard_though_the_peer_hangs_up(bool pipelining)
    {
        using var listener = Listen();
        var message = Large();
        var sending = SmtpRun.SendAsync(SmtpRun.Options(((IPEndPoint)listener.LocalEndpoint).Port), message);
        using (var peer = await AcceptUpToDataAsync(listener, pipelining))
        {
            var body = new byte[100_000];
            for (var read = 0; read < body.Length;) read += await peer.ReceiveAsync(body);
            await peer.SendAsync("552 5.3.4 Too large for us\r\n"u8.ToArray());
        }

        Assert.Equal(SmtpLoss.Broken, (await sending)?.Loss);

        var attempt = Assert.Single(await SmtpRun.OutcomesAsync(message));
        Assert.Equal((AttemptResult.Refused, "552 5.3.4 Too large for us"), (attempt.Result, attempt.Reply.ToString()));
    }

    /// <summary>More than the sockets' buffers hold.</summary>
    private static TestMessage Large() => new("r@example.test", new string('x', 24_000_000));

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    /// <summary>A peer that has said 354 and reads nothing of its own accord.</summary>
    private static async Task<Socket> AcceptUpToDataAsync(TcpListener listener, bool pipelining)
    {
        var peer = await listener.AcceptSocketAsync();
        await SayAsync("220 hi\r\n");
        await HearAsync("EHLO");
        await SayAsync(pipelining ? "250-hi\r\n250 PIPELINING\r\n" : "250 hi\r\n");
        if (!pipelining)
        {
            await HearAsync("MAIL");
            await SayAsync("250 ok\r\n");
            await HearAsync("RCPT");
            await SayAsync("250 ok\r\n");
        }
        await HearAsync("DATA\r\n");
        await SayAsync(pipelining ? "250 ok\r\n250 ok\r\n354 go\r\n" : "354 go\r\n");
        return peer;

        async Task SayAsync(string text) => await peer.SendAsync(Encoding.ASCII.GetBytes(text));

        async Task HearAsync(string text)
        {
            var heard = "";
            var buffer = new byte[4096];
            while (!heard.Contains(text, StringComparison.Ordinal))
            {
                var count = await peer.ReceiveAsync(buffer);
                Assert.NotEqual(0, count);
                heard += Encoding.ASCII.GetString(buffer, 0, count);
            }
        }
    }
}
