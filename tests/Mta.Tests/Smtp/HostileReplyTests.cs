using Delivery.Mta.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

public sealed class HostileReplyTests
{
    public static TheoryData<string, bool, string> Replies => new()
    {
        { "250 " + new string('x', 10_240) + "\r\n", false, nameof(SmtpLoss.TooLong) },
        { "250-and so on\r\n", true, nameof(SmtpLoss.TooLong) },
        { new string('x', 100), true, nameof(SmtpLoss.TooLong) },
        { "250-" + new string('x', 2000) + "\r\n", true, nameof(SmtpLoss.TooLong) },
        { "hello\r\n", false, nameof(SmtpLoss.Malformed) },
        { "25 ok\r\n", false, nameof(SmtpLoss.Malformed) },
        { "2500 ok\r\n", false, nameof(SmtpLoss.Malformed) },
        { "150 ok\r\n", false, nameof(SmtpLoss.Malformed) },
        { "650 ok\r\n", false, nameof(SmtpLoss.Malformed) },
        { "\r\n", false, nameof(SmtpLoss.Malformed) },
        { "250-ok\r\n550 no\r\n", false, nameof(SmtpLoss.Malformed) },
        { "250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n", false, nameof(SmtpLoss.Malformed) },
    };

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task What_is_not_a_reply_ends_the_connection_and_costs_no_attempt(string wire, bool endless, string expected)
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at => at.Step == SmtpStep.Mail ? endless ? SmtpAnswer.Endless(wire) : SmtpAnswer.Raw(wire) : null;
        var message = new TestMessage("r@example.test");

        var loss = await SmtpRun.SendAsync(server, message);

        Assert.Equal(expected, loss?.Loss.ToString());
        var attempt = Assert.Single(await SmtpRun.OutcomesAsync(message));
        Assert.Equal((AttemptResult.ConnectionLost, false), (attempt.Result, attempt.Uncertain));
        Assert.Empty(server.Messages);
    }

    [Theory]
    [InlineData(SmtpStep.Banner)]
    [InlineData(SmtpStep.Ehlo)]
    public async Task An_endless_greeting_is_cut_off(SmtpStep step)
    {
        await using var server = new ScriptedSmtpServer
        {
            Script = at => at.Step == step ? SmtpAnswer.Endless(step == SmtpStep.Banner ? "220-wait\r\n" : "250-PIPELINING\r\n") : null,
        };

        Assert.Equal(SmtpLoss.TooLong, (await SmtpRun.SendAsync(server, new TestMessage("r@example.test")))?.Loss);
    }

    [Fact]
    public async Task A_long_refusal_is_kept_within_its_cap_and_without_control_characters()
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at => at.Step == SmtpStep.Rcpt
            ? SmtpAnswer.Raw("550-5.1.1 " + new string('a', 300) + "\r\n550-5.1.1 \u0007bell\u001b[31m\r\n550 5.1.1 " + new string('b', 900) + "\r\n")
            : null;
        var message = new TestMessage("r@example.test");

        Assert.Null(await SmtpRun.SendAsync(server, message));

        var reply = (await message.Done).Reply;
        Assert.Equal(SmtpReply.MaxTextBytes, reply.Text.Length);
        Assert.StartsWith(new string('a', 300) + " ?bell?[31m bbb", reply.Text);
        Assert.Equal("5.1.1", reply.Enhanced.ToString());
    }

    [Theory]
    [InlineData("550 5.1.1 Gone", "5.1.1", "Gone")]
    [InlineData("550 5.1.1", "5.1.1", "")]
    [InlineData("550 4.1.1 Class does not fit", "", "4.1.1 Class does not fit")]
    [InlineData("550 5.1 Short", "", "5.1 Short")]
    [InlineData("550 5.1.1.1 Long", "", "5.1.1.1 Long")]
    [InlineData("550 5.1234.1 Large", "", "5.1234.1 Large")]
    [InlineData("550 5.999.999 Edge", "5.999.999", "Edge")]
    [InlineData("550", "", "")]
    [InlineData("550 ", "", "")]
    [InlineData("550-\n550 No", "", "No")]
    public async Task The_enhanced_status_is_read_where_it_is_one(string reply, string status, string text)
    {
        await using var server = new ScriptedSmtpServer { Script = at => at.Step == SmtpStep.Rcpt ? reply : null };
        var message = new TestMessage("r@example.test");

        Assert.Null(await SmtpRun.SendAsync(server, message));

        var attempt = await message.Done;
        Assert.Equal((status, text), (attempt.Reply.Enhanced.ToString(), attempt.Reply.Text));
        Assert.Equal(AttemptResult.Refused, attempt.Result);
    }
}
