using System.Text;
using Delivery.Mta.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

public sealed class SharedTailTests
{
    [Fact]
    public async Task Body_and_tail_arrive_as_one_message_with_its_size_announced()
    {
        await using var server = new ScriptedSmtpServer();
        var line = new string('A', 76) + "\r\n";
        var messages = new List<TestMessage>();
        // The seam of body and tail falls on and around the write buffer's edge.
        foreach (var length in new[] { 0, 1, 65_400, 65_520, 65_530, 65_534, 65_535, 65_536, 65_537, 70_000, 200_000 })
        {
            messages.Add(new TestMessage($"r{length}@example.test", new string('b', length) + "\r\n")
            {
                SharedTail = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line, 5_000)) + "--end--\r\n"),
            });
        }

        Assert.Null(await SmtpRun.SendAsync(server, [.. messages]));

        Assert.All(await SmtpRun.OutcomesAsync([.. messages]), a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.Equal(messages.Select(m => Encoding.ASCII.GetString(m.Body.Span) + Encoding.ASCII.GetString(m.SharedTail.Span)), server.Messages.Select(m => m.Text));
        Assert.Equal(messages.Select(m => $"MAIL FROM:<news@sender.test> SIZE={m.Body.Length + m.SharedTail.Length}"), server.Messages.Select(m => m.MailLine));
    }

    [Fact]
    public async Task A_tail_counts_against_what_the_peer_takes()
    {
        await using var server = new ScriptedSmtpServer { Extensions = ["PIPELINING", "SIZE 1000"] };
        var large = new TestMessage("r@example.test", "Subject: a\r\n\r\nb\r\n") { SharedTail = new byte[990] };
        await SmtpRun.SendAsync(server, large);
        var attempt = Assert.Single(await SmtpRun.OutcomesAsync(large));
        Assert.Equal((AttemptResult.Refused, 552), (attempt.Result, attempt.Reply.Code));
        Assert.Empty(server.Messages);
    }
}
