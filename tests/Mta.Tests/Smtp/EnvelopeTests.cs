using System.Text;
using Delivery.Mta.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

public sealed class EnvelopeTests
{
    public static TheoryData<string> Unsafe =>
    [
        "", "nobody", "@example.test", "a@", "a b@example.test", "a@example.test\r\nRSET", "a@example.test\nDATA", "a\0@example.test",
        "a@example.test> SIZE=1", "<a@example.test", "\"a\r\nRCPT TO:<b\"@example.test", "a\t@example.test", "a\u0085@example.test",
        "a\u2028@example.test", "a@exa\u007Fmple.test",
        new string('l', 65) + "@example.test",
        "a@" + new string('d', 256),
        "abc@" + new string('d', 251),
    ];

    [Theory]
    [MemberData(nameof(Unsafe))]
    public async Task An_unsafe_recipient_is_refused_here_and_hurts_nobody_else(string address)
    {
        await using var server = new ScriptedSmtpServer();
        var bad = new TestMessage(address);
        var good = TestMessage.Many(2);

        Assert.Null(await SmtpRun.SendAsync(server, good[0], bad, good[1]));

        var attempt = await bad.Done;
        Assert.Equal((AttemptResult.Refused, FailureScope.Recipient, SmtpStage.None), (attempt.Result, attempt.Scope, attempt.Stage));
        Assert.Equal("553 5.1.3", attempt.Reply.ToString()[..9]);
        Assert.Null(attempt.MxHost);
        Assert.All(await SmtpRun.OutcomesAsync(good), a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.Equal(["EHLO", "MAIL", "RCPT", "DATA", "MAIL", "RCPT", "DATA", "QUIT"], server.Commands.Select(c => c.Split(' ')[0]));
    }

    [Fact]
    public async Task An_unsafe_sender_is_refused_here_and_the_null_path_is_not()
    {
        await using var server = new ScriptedSmtpServer();
        var bad = new TestMessage("a@example.test", from: "x@sender.test>\r\nRCPT TO:<b@example.test");
        var bounce = new TestMessage("a@example.test", from: "");

        Assert.Null(await SmtpRun.SendAsync(server, bad, bounce));

        Assert.Equal("553 5.1.7", (await bad.Done).Reply.ToString()[..9]);
        Assert.Equal(AttemptResult.Delivered, (await bounce.Done).Result);
        Assert.StartsWith("MAIL FROM:<> SIZE=", Assert.Single(server.Commands, c => c.StartsWith("MAIL")));
    }

    [Fact]
    public void Addresses_at_their_lengths_limits_are_taken()
    {
        Assert.True(EnvelopeAddress.IsSafe(Encoding.ASCII.GetBytes(new string('l', 64) + "@" + new string('d', 189))));
        Assert.False(EnvelopeAddress.IsSafe(Encoding.ASCII.GetBytes(new string('l', 64) + "@" + new string('d', 190))));
        Assert.True(EnvelopeAddress.IsSafe("\"a@b\"@example.test"u8));
        Assert.True(EnvelopeAddress.IsSafe("jörg@exämple.test"u8));
        Assert.False(EnvelopeAddress.IsSafe([0xC3, (byte)'@', (byte)'a']));
    }

    [Fact]
    public async Task An_international_address_needs_a_peer_that_takes_it()
    {
        await using var server = new ScriptedSmtpServer { Extensions = ["PIPELINING"] };
        var messages = new[] { new TestMessage("jörg@example.test"), new TestMessage("a@example.test", from: "ä@sender.test"), new TestMessage("a@example.test") };

        Assert.Null(await SmtpRun.SendAsync(server, messages));

        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal(["553 5.6.7", "553 5.6.7", "250 2.0.0"], attempts.Select(a => a.Reply.ToString()[..9]));
        Assert.Equal("MAIL FROM:<news@sender.test>", Assert.Single(server.Commands, c => c.StartsWith("MAIL")));
    }

    [Fact]
    public async Task Bytes_that_a_peer_does_not_take_are_not_sent_to_it()
    {
        await using var server = new ScriptedSmtpServer { Extensions = ["PIPELINING", "8BITMIME"] };
        await using var old = new ScriptedSmtpServer { Extensions = ["SMTPUTF8"] };
        TestMessage Header() => new("a@example.test", "To: jörg@example.test\r\n\r\nx\r\n");
        TestMessage Body() => new("a@example.test", "Subject: x\r\n\r\nä\r\n");
        TestMessage[] messages = [Header(), Body(), Header(), Body()];

        Assert.Null(await SmtpRun.SendAsync(server, messages[..2]));
        Assert.Null(await SmtpRun.SendAsync(old, messages[2..]));

        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal(["553 5.6.7", "250 2.0.0", "250 2.0.0", "554 5.6.3"], attempts.Select(a => a.Reply.ToString()[..9]));
        Assert.All(attempts, a => Assert.Equal(FailureScope.Message, a.Scope));
        Assert.Single(server.Messages);
        Assert.Single(old.Messages);
    }

    [Fact]
    public async Task Parameters_of_mail_are_given_where_they_are_of_use()
    {
        await using var server = new ScriptedSmtpServer();
        var plain = new TestMessage("a@example.test", "Subject: x\r\n\r\nascii\r\n");
        var eightBit = new TestMessage("a@example.test", "Subject: x\r\n\r\nä\r\n");
        var header = new TestMessage("a@example.test", "Subject: ä\r\n\r\nx\r\n");
        var address = new TestMessage("jörg@example.test", "Subject: x\r\n\r\nx\r\n");

        Assert.Null(await SmtpRun.SendAsync(server, plain, eightBit, header, address));

        Assert.Equal(
            [
                "MAIL FROM:<news@sender.test> SIZE=21", "MAIL FROM:<news@sender.test> SIZE=18 BODY=8BITMIME",
                "MAIL FROM:<news@sender.test> SIZE=18 BODY=8BITMIME SMTPUTF8", "MAIL FROM:<news@sender.test> SIZE=17 SMTPUTF8",
            ],
            server.Commands.Where(c => c.StartsWith("MAIL")));
    }

    [Fact]
    public async Task A_body_over_the_peers_size_is_not_sent()
    {
        await using var server = new ScriptedSmtpServer { Extensions = ["PIPELINING", "SIZE 1000"] };
        var large = new TestMessage("a@example.test", new string('x', 1001));
        var fitting = new TestMessage("b@example.test", new string('x', 1000));

        Assert.Null(await SmtpRun.SendAsync(server, large, fitting));

        var attempt = await large.Done;
        Assert.Equal("552 5.3.4", attempt.Reply.ToString()[..9]);
        Assert.Equal(FailureScope.Message, attempt.Scope);
        Assert.Equal(AttemptResult.Delivered, (await fitting.Done).Result);
    }
}
