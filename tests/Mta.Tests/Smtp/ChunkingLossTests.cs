using Delivery.Mta.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>The probe is the connection's transaction 0, so message i of a run is transaction i + 1.</summary>
public sealed class ChunkingLossTests
{
    [Theory]
    [InlineData(SmtpStep.Mail)]
    [InlineData(SmtpStep.Rcpt)]
    [InlineData(SmtpStep.Bdat)]
    public async Task After_a_cut_all_that_was_wholly_on_the_wire_is_uncertain(SmtpStep step)
    {
        await using var server = SmtpRun.ChunkingServer();
        server.Script = at => at.Step == step && at.Transaction == 3 ? SmtpAnswer.Drop : null;
        var messages = TestMessage.Many(6);

        var loss = await SmtpRun.SendAsync(SmtpRun.Chunked(server.Port), messages);

        Assert.Equal(SmtpLoss.Broken, loss?.Loss);
        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.All(attempts[..2], a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.All(attempts[2..], a => Assert.Equal((AttemptResult.ConnectionLost, true, SmtpStage.Final, 0), (a.Result, a.Uncertain, a.Stage, (int)a.Reply.Code)));
    }

    [Fact]
    public async Task After_a_cut_what_was_not_wholly_on_the_wire_is_certain()
    {
        await using var server = SmtpRun.ChunkingServer();
        server.Script = at => at.Step == SmtpStep.Bdat && at.Transaction == 3 ? SmtpAnswer.Drop.WithoutOctets() : null;
        // The window holds the third only in part, and the others not at all.
        var options = SmtpRun.Chunked(server.Port);
        options.ChunkingMaxInFlight = 3;
        TestMessage[] messages = [.. TestMessage.Many(2), new("large@example.test", new string('x', 48_000_000)), .. TestMessage.Many(2)];

        Assert.Equal(SmtpLoss.Broken, (await SmtpRun.SendAsync(options, messages))?.Loss);

        var attempts = await SmtpRun.OutcomesAsync(messages[..3]);
        Assert.All(attempts[..2], a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.Equal((AttemptResult.ConnectionLost, false, SmtpStage.Body), (attempts[2].Result, attempts[2].Uncertain, attempts[2].Stage));
        Assert.All(messages[3..], m => Assert.InRange(m.Completions, 0, 1));
        foreach (var message in messages[3..].Where(m => m.Completions == 1))
            Assert.Equal((AttemptResult.ConnectionLost, false, SmtpStage.None), ((await message.Done).Result, (await message.Done).Uncertain, (await message.Done).Stage));
    }

    [Theory]
    [InlineData(SmtpStep.Rset)]
    [InlineData(SmtpStep.Mail)]
    [InlineData(SmtpStep.Rcpt)]
    [InlineData(SmtpStep.Bdat)]
    public async Task A_421_leaves_nothing_uncertain(SmtpStep step)
    {
        await using var server = SmtpRun.ChunkingServer();
        var transaction = step == SmtpStep.Rset ? 1 : 2;
        server.Script = at => at.Step == step && at.Transaction == transaction ? SmtpAnswer.Of("421 4.3.2 Shutting down").ThenDrop() : null;
        var messages = TestMessage.Many(5);

        var loss = await SmtpRun.SendAsync(SmtpRun.Chunked(server.Port), messages);

        Assert.Equal(SmtpLoss.Refused, loss?.Loss);
        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal(AttemptResult.Delivered, attempts[0].Result);
        Assert.Equal(step == SmtpStep.Bdat ? AttemptResult.Deferred : AttemptResult.ConnectionLost, attempts[1].Result);
        Assert.All(attempts[1..], a => Assert.Equal((421, FailureScope.Session, false), ((int)a.Reply.Code, a.Scope, a.Uncertain)));
        Assert.All(attempts[2..], a => Assert.Equal(AttemptResult.ConnectionLost, a.Result));
    }

    [Theory]
    [InlineData(SmtpStep.Mail)]
    [InlineData(SmtpStep.Rcpt)]
    [InlineData(SmtpStep.Bdat)]
    public async Task A_peer_that_falls_silent_is_left_at_the_stages_deadline(SmtpStep step)
    {
        await using var server = SmtpRun.ChunkingServer();
        var messages = TestMessage.Many(2);
        server.AsyncScript = async at =>
        {
            if (at.Step == step && at.Transaction == 2) await messages[1].Done;
            return null;
        };
        var options = SmtpRun.Chunked(server.Port);
        if (step == SmtpStep.Mail) options.MailTimeout = TimeSpan.FromMilliseconds(300);
        if (step == SmtpStep.Rcpt) options.RcptTimeout = TimeSpan.FromMilliseconds(300);
        if (step == SmtpStep.Bdat) options.FinalReplyTimeout = TimeSpan.FromMilliseconds(300);

        Assert.Equal(SmtpLoss.TimedOut, (await SmtpRun.SendAsync(options, messages))?.Loss);

        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal(AttemptResult.Delivered, attempts[0].Result);
        Assert.Equal((AttemptResult.ConnectionLost, true), (attempts[1].Result, attempts[1].Uncertain));
    }

    [Fact]
    public async Task A_peer_that_takes_no_bytes_is_left_at_the_body_deadline()
    {
        await using var peer = new ChunkPeer { StopsReadingAt = 1 };
        var options = SmtpRun.Chunked(peer.Port);
        options.BodyTimeout = TimeSpan.FromMilliseconds(300);
        TestMessage[] messages = [new("r0@example.test"), new("r1@example.test", new string('x', 24_000_000)), new("r2@example.test")];
        options.ChunkingWindowBytes = 67_108_864;

        Assert.Equal(SmtpLoss.TimedOut, (await SmtpRun.SendAsync(options, messages))?.Loss);

        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal(AttemptResult.Delivered, attempts[0].Result);
        Assert.Equal((AttemptResult.ConnectionLost, SmtpStage.Body, false), (attempts[1].Result, attempts[1].Stage, attempts[1].Uncertain));
        Assert.Equal((AttemptResult.ConnectionLost, SmtpStage.None, false), (attempts[2].Result, attempts[2].Stage, attempts[2].Uncertain));
    }

    [Fact]
    public async Task A_stop_lets_what_is_in_flight_finish()
    {
        await using var server = SmtpRun.ChunkingServer();
        using var stop = new CancellationTokenSource();
        server.AsyncScript = async at =>
        {
            if (at is { Step: SmtpStep.Bdat, Transaction: 2 })
            {
                await at.WaitForPipelinedAsync("RCPT TO:<r3@example.test>", TimeSpan.FromSeconds(10));
                await stop.CancelAsync();
            }
            return null;
        };
        var options = SmtpRun.Chunked(server.Port);
        options.ChunkingMaxInFlight = 4;
        var messages = TestMessage.Many(40);
        var channel = SmtpRun.Filled(messages);
        using var connection = new SmtpConnection(options, TimeProvider.System);
        await connection.OpenAsync(stop.Token);

        await connection.RunAsync(channel).WaitAsync(TimeSpan.FromSeconds(20));

        var told = messages.Where(m => m.Completions > 0).ToArray();
        Assert.Equal(40, told.Length + channel.Reader.Count);
        Assert.InRange(told.Length, 4, 6);
        Assert.All(await SmtpRun.OutcomesAsync(told), a => Assert.True(a.Result == AttemptResult.Delivered || a is { Result: AttemptResult.ConnectionLost, Stage: SmtpStage.None }));
        Assert.Equal("QUIT", server.Commands.Last());
    }
}
