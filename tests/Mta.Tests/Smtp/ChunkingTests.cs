using Delivery.Mta.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>The probe is the connection's transaction 0, so message i of a run is transaction i + 1.</summary>
public sealed class ChunkingTests
{
    [Fact]
    public async Task Whole_transactions_are_in_flight_before_the_first_is_answered()
    {
        await using var server = SmtpRun.ChunkingServer();
        server.AsyncScript = async at =>
        {
            if (at is { Step: SmtpStep.Mail, Transaction: 1 })
                await at.WaitForPipelinedAsync("RCPT TO:<r7@example.test>\r\nBDAT 22 LAST\r\nSubject: 7\r\n\r\nBody 7\r\n", TimeSpan.FromSeconds(10));
            return null;
        };
        var messages = TestMessage.Many(20);

        Assert.Null(await SmtpRun.SendAsync(SmtpRun.Chunked(server.Port), messages));

        Assert.All(await SmtpRun.OutcomesAsync(messages), a => Assert.Equal((AttemptResult.Delivered, SmtpStage.Final), (a.Result, a.Stage)));
        Assert.Equal(messages.Select(m => System.Text.Encoding.ASCII.GetString(m.Body.Span)), server.Messages.Select(m => m.Text));
        Assert.DoesNotContain("DATA", server.Commands);
        Assert.Equal("QUIT", server.Commands.Last());
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task What_is_there_leaves_in_one_write()
    {
        await using var server = SmtpRun.ChunkingServer();
        var options = SmtpRun.Chunked(server.Port);
        options.ChunkingMaxInFlight = 50;

        Assert.Null(await SmtpRun.SendAsync(options, TestMessage.Many(50)));

        // EHLO, the probe, fifty messages, QUIT.
        Assert.Equal(4, server.Reads);
        Assert.Equal(50, server.Messages.Count);
    }

    [Theory]
    [InlineData(4, 1_000_000)]
    [InlineData(100, 3_000)]
    [InlineData(1, 1_000_000)]
    public async Task The_window_is_filled_and_never_exceeded(int flights, int bytes)
    {
        const int size = 700, count = 60;
        await using var server = SmtpRun.ChunkingServer();
        var messages = Enumerable.Range(0, count).Select(i => new TestMessage($"r{i}@example.test", new string('x', size - 2) + "\r\n")).ToArray();
        var channel = SmtpRun.Filled(messages);
        var fit = Math.Min(flights, bytes / size);
        var most = 0;
        server.AsyncScript = async at =>
        {
            if (at.Step != SmtpStep.Bdat || at.Transaction == 0) return null;
            var last = Math.Min(at.Transaction - 2 + fit, count - 1);
            if (last >= at.Transaction) await at.WaitForPipelinedAsync($"RCPT TO:<r{last}@example.test>\r\nBDAT {size} LAST\r\n", TimeSpan.FromSeconds(10));
            // One more may be taken and wait for room.
            var taken = count - channel.Reader.Count;
            most = Math.Max(most, taken - messages.Count(m => m.Completions > 0));
            Assert.False(at.HasPipelined($"RCPT TO:<r{last + 2}@"));
            return null;
        };
        var options = SmtpRun.Chunked(server.Port);
        (options.ChunkingMaxInFlight, options.ChunkingWindowBytes) = (flights, bytes);
        using var connection = new SmtpConnection(options, TimeProvider.System);
        await connection.OpenAsync(CancellationToken.None);

        await connection.RunAsync(channel).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(count, server.Messages.Count);
        Assert.InRange(most, fit, fit + 1);
    }

    [Fact]
    public async Task A_message_larger_than_the_window_is_in_flight_alone()
    {
        await using var server = SmtpRun.ChunkingServer();
        var options = SmtpRun.Chunked(server.Port);
        options.ChunkingWindowBytes = 1024;
        TestMessage[] messages = [.. TestMessage.Many(2), new("large@example.test", new string('x', 300_000)), .. TestMessage.Many(2)];

        Assert.Null(await SmtpRun.SendAsync(options, messages));

        Assert.All(await SmtpRun.OutcomesAsync(messages), a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.Equal(300_002, server.Messages.ElementAt(2).Raw.Length);
    }

    [Theory]
    [InlineData(SmtpStep.Mail, "550 5.1.8 Unknown sender")]
    [InlineData(SmtpStep.Rcpt, "550 5.1.1 No such user")]
    [InlineData(SmtpStep.Rcpt, "450 4.2.1 Mailbox busy")]
    [InlineData(SmtpStep.Bdat, "554 5.7.1 Spam")]
    [InlineData(SmtpStep.Bdat, "452 4.3.1 Disk full")]
    public async Task The_neighbours_of_a_refused_recipient_get_one_copy_each(SmtpStep step, string reply)
    {
        var stage = step switch { SmtpStep.Mail => SmtpStage.Mail, SmtpStep.Rcpt => SmtpStage.Rcpt, _ => SmtpStage.Final };
        await using var server = SmtpRun.ChunkingServer();
        server.Script = at => at.Step == step && (at.Transaction is 2 or 3 or 6) ? reply : null;
        var messages = TestMessage.Many(8);

        Assert.Null(await SmtpRun.SendAsync(SmtpRun.Chunked(server.Port), messages));

        var attempts = await SmtpRun.OutcomesAsync(messages);
        for (var i = 0; i < messages.Length; i++)
        {
            if (i is not (1 or 2 or 5))
            {
                Assert.Equal(AttemptResult.Delivered, attempts[i].Result);
                continue;
            }
            Assert.Equal(reply[0] == '5' ? AttemptResult.Refused : AttemptResult.Deferred, attempts[i].Result);
            Assert.Equal((stage, reply, false), (attempts[i].Stage, attempts[i].Reply.ToString(), attempts[i].Uncertain));
        }
        var taken = server.Messages.Select(m => m.Recipient).Where(r => stage != SmtpStage.Final || r is not ("r1@example.test" or "r2@example.test" or "r5@example.test"));
        Assert.Equal(["r0@example.test", "r3@example.test", "r4@example.test", "r6@example.test", "r7@example.test"], taken);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_message_that_nobody_follows_is_finished_at_once()
    {
        await using var server = SmtpRun.ChunkingServer();
        var channel = System.Threading.Channels.Channel.CreateBounded<OutgoingMessage>(4);
        using var connection = new SmtpConnection(SmtpRun.Chunked(server.Port), TimeProvider.System);
        await connection.OpenAsync(CancellationToken.None);
        var running = connection.RunAsync(channel);

        foreach (var message in TestMessage.Many(5))
        {
            await channel.Writer.WriteAsync(message);
            Assert.Equal(AttemptResult.Delivered, (await message.Done).Result);
        }

        channel.Writer.Complete();
        await running;
        Assert.Equal((1, "QUIT"), (server.Connections, server.Commands.Last()));
    }

    [Fact]
    public async Task A_connection_is_left_after_its_share_of_messages()
    {
        await using var server = SmtpRun.ChunkingServer();
        var options = SmtpRun.Chunked(server.Port);
        options.MaxMessagesPerConnection = 3;
        var channel = SmtpRun.Filled(TestMessage.Many(5));
        using var connection = new SmtpConnection(options, TimeProvider.System);
        await connection.OpenAsync(CancellationToken.None);

        await connection.RunAsync(channel);

        Assert.Equal((3, 2, "QUIT"), (connection.Finished, channel.Reader.Count, server.Commands.Last()));
    }

    [Theory]
    [InlineData(true, 10, "CHUNKING PIPELINING")]
    [InlineData(false, 0, "CHUNKING PIPELINING")]
    [InlineData(true, 0, "CHUNKING")]
    [InlineData(true, 0, "PIPELINING")]
    public async Task Bdat_is_not_used_where_it_is_not_of_use(bool auto, int minimumSeconds, string extensions)
    {
        await using var server = new ScriptedSmtpServer { Extensions = extensions.Split(' ') };
        var options = SmtpRun.Options(server.Port);
        (options.Chunking, options.ChunkingMinRoundTrip) = (auto ? SmtpChunking.Auto : SmtpChunking.Never, TimeSpan.FromSeconds(minimumSeconds));

        Assert.Null(await SmtpRun.SendAsync(options, TestMessage.Many(5)));

        Assert.Equal(5, server.Messages.Count);
        Assert.DoesNotContain(server.Commands, c => c.StartsWith("BDAT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_long_round_trip_makes_it_of_use()
    {
        await using var server = SmtpRun.ChunkingServer();
        server.AsyncScript = async at =>
        {
            if (at.Step is SmtpStep.Ehlo or SmtpStep.Mail) await Task.Delay(60);
            return null;
        };
        var options = SmtpRun.Options(server.Port);
        options.ChunkingMinRoundTrip = TimeSpan.FromMilliseconds(50);

        Assert.Null(await SmtpRun.SendAsync(options, TestMessage.Many(3)));

        Assert.Equal(4, server.Commands.Count(c => c.StartsWith("BDAT", StringComparison.Ordinal)));
    }
}
