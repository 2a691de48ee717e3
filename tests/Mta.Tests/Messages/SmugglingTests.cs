using System.Text;
using System.Text.Json;
using Delivery.Mta.Messages;
using Delivery.Mta.Smtp;
using Delivery.Mta.Tests.Smtp;
using Delivery.Testing;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

/// <summary>What ends a message for one server and not for another, brought by the data: it arrives as one message, unchanged.</summary>
public sealed class SmugglingTests
{
    private static readonly string[] Pieces =
    [
        "\n.\r\n", "\r.\r\n", "\r\n.\r", "\r\n.\n", "\n.\n", "\r.\r", "\r\n.\r\n", ".", "..", "\r", "\n", "\r\n", "\r\r\n", "\0", "\u0085", "\u2028",
        "MAIL FROM:<x@y.example>\r\nRCPT TO:<v@y.example>\r\nDATA\r\n", "word ", "é", "=", new string('z', 74),
    ];

    [Fact]
    public async Task It_arrives_as_one_message()
    {
        await using var server = new ScriptedSmtpServer();
        var random = new Random(20261122);
        var compiled = Compile(Content("<p>{{v}}{{{v}}}</p>\n{{v}}", "{{v}}\n.\n{{v}}", "s {{v}}") with
        {
            From = new Mailbox("shop@example.com", "f {{v}}"),
            Headers = new Dictionary<string, string> { ["X-V"] = "{{v}}" },
            Attachments = [new Attachment("a.txt", "text/plain", Encoding.ASCII.GetBytes("\r\n.\r\n"))],
        });
        var composer = new MessageComposer(Tokens);
        var messages = new List<TestMessage>();
        for (var i = 0; i < 150; i++)
        {
            var value = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            messages.Add(Composed(composer, compiled, value, i));
        }

        // A dot at a line's start on and around the edge of the 64 KB that leave in one write.
        var text = Compile(Content(text: "{{v}}"), Plain);
        for (var i = 0; i < 40; i++)
            messages.Add(Composed(composer, text, new string('a', 40 + i) + "\n" + string.Concat(Enumerable.Repeat(".\r\n.\n", 12_000)), messages.Count));

        Assert.Null(await SmtpRun.SendAsync(server, [.. messages]));

        Assert.All(await SmtpRun.OutcomesAsync([.. messages]), attempt => Assert.Equal(AttemptResult.Delivered, attempt.Result));
        Assert.Equal(messages.Count, server.Messages.Count);
        foreach (var (sent, received) in messages.Zip(server.Messages))
        {
            Assert.Equal([.. sent.Body.Span, .. sent.SharedTail.Span], received.Raw);
            var wire = Encoding.Latin1.GetString(received.Wire);
            Assert.Equal(wire.Length - 5, wire.IndexOf("\r\n.\r\n", StringComparison.Ordinal));
            Assert.DoesNotContain('\r', wire.Replace("\r\n", "", StringComparison.Ordinal));
            Assert.DoesNotContain('\n', wire.Replace("\r\n", "", StringComparison.Ordinal));
        }
    }

    private static TestMessage Composed(MessageComposer composer, CompiledContent compiled, string value, int i)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.True(composer.TryCompose(compiled, Input(JsonSerializer.Serialize(new { v = value })), output, out var failure), failure.ToString());
        var message = new TestMessage($"r{i}@example.test") { Body = output.WrittenSpan.ToArray(), SharedTail = compiled.SharedTail };
        var whole = Encoding.ASCII.GetString([.. message.Body.Span, .. message.SharedTail.Span]).Replace("\r\n", "", StringComparison.Ordinal);
        Assert.DoesNotContain('\r', whole);
        Assert.DoesNotContain('\n', whole);
        return message;
    }
}
