using Delivery.Mta.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>Peers that offer CHUNKING and do not keep its rules. The probe is the connection's transaction 0, so message i of a run is transaction i + 1.</summary>
public sealed class ChunkingMisfitTests
{
    /// <summary>What a peer that takes octets for commands would do somebody's bidding by.</summary>
    private const string Smuggling = "RSET\r\nMAIL FROM:<evil@example.test>\r\nRCPT TO:<victim@example.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nHi\r\n.\r\nQUIT\r\n";

    [Theory]
    [InlineData("503 5.5.1 RCPT first")]
    [InlineData("500 5.5.2 What?")]
    [InlineData("502 5.5.1 Not here")]
    [InlineData("501 5.5.4 Syntax")]
    [InlineData("250 2.0.0 Ok")]
    [InlineData("354 Go on")]
    [InlineData("421 4.7.0 Not with me")]
    public async Task A_peer_that_does_not_read_refused_octets_never_gets_a_body_with_BDAT(string reply)
    {
        await using var server = SmtpRun.ChunkingServer();
        server.Script = at => at.Step == SmtpStep.Bdat ? SmtpAnswer.Of(reply).WithoutOctets() : null;
        var messages = Messages(12);

        var log = await SendThroughPoolAsync(server, messages);

        Assert.All(await SmtpRun.OutcomesAsync(messages), a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.Equal(messages.Select(m => System.Text.Encoding.ASCII.GetString(m.Body.Span)).Order(), server.Messages.Select(m => m.Text).Order());
        Assert.DoesNotContain("MAIL FROM:<evil@example.test>", server.Commands);
        Assert.All(server.Commands.Where(c => c.StartsWith("BDAT", StringComparison.Ordinal)), c => Assert.Equal("BDAT 6 LAST", c));
        Assert.Single(log.Lines, l => l.Contains("CHUNKING", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_peer_that_hangs_up_at_the_probe_gets_its_messages_in_another_way()
    {
        await using var server = SmtpRun.ChunkingServer();
        server.Script = at => at.Step == SmtpStep.Bdat ? SmtpAnswer.Drop : null;
        var messages = Messages(5);

        await SendThroughPoolAsync(server, messages);

        Assert.All(await SmtpRun.OutcomesAsync(messages), a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.Equal(5, server.Messages.Count);
    }

    [Fact]
    public async Task A_peer_that_begins_to_read_a_body_as_commands_is_left_at_once()
    {
        await using var server = SmtpRun.ChunkingServer();
        var trust = new ChunkingTrust("peer", new TestLog<SmtpPool>());
        using var connection = new SmtpConnection(SmtpRun.Chunked(server.Port), TimeProvider.System, trust: trust);
        var messages = Messages(6);
        var ended = new TaskCompletionSource();
        var commands = 0;
        server.AsyncScript = async at =>
        {
            if (at is { Step: SmtpStep.Rcpt, Transaction: 2 }) return SmtpAnswer.Of("550 5.1.1 No such user");
            if (at is { Step: SmtpStep.Bdat, Transaction: 2 }) return SmtpAnswer.Of("503 5.5.1 No valid recipients").WithoutOctets();
            // After its answer to the first line of the body, the client is gone before it looks at the second.
            if (at.Step == SmtpStep.Other && commands++ == 1) await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));
            return null;
        };
        await connection.OpenAsync(CancellationToken.None);

        var loss = await Assert.ThrowsAsync<SmtpConnectionException>(() => connection.RunAsync(SmtpRun.Filled(messages)).WaitAsync(TimeSpan.FromSeconds(5)));
        ended.SetResult();

        Assert.Equal(SmtpLoss.Unfit, loss.Loss);
        Assert.True(trust.IsLost);
        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal((AttemptResult.Delivered, AttemptResult.Refused), (attempts[0].Result, attempts[1].Result));
        Assert.Equal("550 5.1.1 No such user", attempts[1].Reply.ToString());
        Assert.All(attempts[2..], a => Assert.Equal((AttemptResult.ConnectionLost, true), (a.Result, a.Uncertain)));
        Assert.Single(server.Messages);
    }

    [Theory]
    [InlineData(SmtpStep.Bdat, "500 5.5.2 What?", false)]
    [InlineData(SmtpStep.Bdat, "502 5.5.1 Not here", false)]
    [InlineData(SmtpStep.Bdat, "501 5.5.4 Syntax", false)]
    [InlineData(SmtpStep.Bdat, "503 5.5.1 Which message?", false)]
    [InlineData(SmtpStep.Bdat, "354 Go on", true)]
    [InlineData(SmtpStep.Mail, "500 5.5.2 What?", true)]
    [InlineData(SmtpStep.Mail, "503 5.5.1 Nested MAIL", true)]
    [InlineData(SmtpStep.Mail, "354 Go on", true)]
    [InlineData(SmtpStep.Rcpt, "502 5.5.2 What?", true)]
    public async Task A_reply_that_does_not_fit_ends_the_connection_and_costs_no_attempt(SmtpStep step, string reply, bool uncertain)
    {
        await using var server = SmtpRun.ChunkingServer();
        server.Script = at => at.Step == step && at.Transaction == 2 ? reply : null;
        // Nothing after the odd reply is answered, so that it alone decides.
        var messages = Messages(5);
        server.AsyncScript = async at =>
        {
            if (at.Transaction > 2 || (at.Transaction == 2 && at.Step > step)) await messages[1].Done;
            return null;
        };

        var loss = await SmtpRun.SendAsync(SmtpRun.Chunked(server.Port), messages);

        Assert.Equal(SmtpLoss.Unfit, loss?.Loss);
        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal(AttemptResult.Delivered, attempts[0].Result);
        Assert.Equal((AttemptResult.ConnectionLost, uncertain), (attempts[1].Result, attempts[1].Uncertain));
        Assert.All(attempts[2..], a => Assert.Equal((AttemptResult.ConnectionLost, true), (a.Result, a.Uncertain)));
    }

    [Theory]
    [InlineData(SmtpStep.Mail, "250 2.1.5 Ok")]
    [InlineData(SmtpStep.Rcpt, "250 2.0.0 Taken for nobody")]
    [InlineData(SmtpStep.Rcpt, "500 5.5.2 What?")]
    public async Task After_a_refusal_only_refusals_fit(SmtpStep refused, string next)
    {
        await using var server = SmtpRun.ChunkingServer();
        server.Script = at => (at.Step, at.Transaction) switch
        {
            (_, not 2) => null,
            var (step, _) when step == refused => "550 5.7.1 No",
            var (step, _) when step == (refused == SmtpStep.Mail ? SmtpStep.Rcpt : SmtpStep.Bdat) => next,
            _ => null,
        };
        var messages = Messages(4);

        Assert.Equal(SmtpLoss.Unfit, (await SmtpRun.SendAsync(SmtpRun.Chunked(server.Port), messages))?.Loss);

        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal((AttemptResult.Refused, "550 5.7.1 No"), (attempts[1].Result, attempts[1].Reply.ToString()));
        Assert.All(attempts[2..], a => Assert.Equal(AttemptResult.ConnectionLost, a.Result));
    }

    [Fact]
    public async Task The_pool_does_not_use_it_again_after_one_failure()
    {
        await using var server = SmtpRun.ChunkingServer();
        server.Script = at => at.Step == SmtpStep.Bdat && at.Transaction > 0 ? "500 5.5.2 What?" : null;
        var options = SmtpRun.Chunked(server.Port);
        options.Connections = 1;
        var log = new TestLog<SmtpPool>();
        var first = Messages(4);
        var channel = System.Threading.Channels.Channel.CreateBounded<OutgoingMessage>(100);
        foreach (var message in first) await channel.Writer.WriteAsync(message);
        using var pool = new SmtpPool(options, channel.Reader, TimeProvider.System, log);
        var running = pool.RunAsync(CancellationToken.None);
        Assert.All(await SmtpRun.OutcomesAsync(first), a => Assert.Equal(AttemptResult.ConnectionLost, a.Result));

        var again = Messages(20);
        foreach (var message in again) await channel.Writer.WriteAsync(message);

        Assert.All(await SmtpRun.OutcomesAsync(again), a => Assert.Equal(AttemptResult.Delivered, a.Result));
        channel.Writer.Complete();
        await running.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(pool.IsRelayAway);
        Assert.Equal(2, server.Connections);
        Assert.Single(log.Lines, l => l.Contains("CHUNKING", StringComparison.Ordinal));
    }

    private static TestMessage[] Messages(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new TestMessage($"r{i}@example.test", $"Subject: {i}\r\n\r\n{Smuggling}"))];

    private static async Task<TestLog<SmtpPool>> SendThroughPoolAsync(ScriptedSmtpServer server, TestMessage[] messages)
    {
        var options = SmtpRun.Chunked(server.Port);
        options.Connections = 3;
        var log = new TestLog<SmtpPool>();
        using var pool = new SmtpPool(options, SmtpRun.Filled(messages).Reader, TimeProvider.System, log);
        await pool.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        return log;
    }
}
