using System.Text;
using Delivery.Mta.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

public sealed class DotStuffingTests
{
    private static readonly string[] Pieces =
        ["\r\n.\r\n", "\n.\n", "\r.\r", "\r\n.\n", "\n.\r\n", "\r", "\n", "\r\n", ".", "..", "text", "\r\r\n", "\n\r", "MAIL FROM:<x@y>\r\n", new string('z', 1000)];

    [Fact]
    public async Task Whatever_the_body_holds_it_arrives_as_one_message()
    {
        await using var server = new ScriptedSmtpServer();
        var random = new Random(20261122);
        var bodies = new List<string> { "", ".", "\r\n.\r\n", "\n.\n", "\r.\r", ".\r\n", "no line end", "\r", "\r\n\r\n.", "a\r\n.\r\nQUIT\r\n" };
        while (bodies.Count < 400)
            bodies.Add(string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Pieces[random.Next(Pieces.Length)])));
        // Past the write buffer, so that its edge falls everywhere.
        for (var i = 0; i < 16; i++)
            bodies.Add(new string('a', 65_522 + i) + "\r\n.\r\n..\n.\n" + string.Concat(Enumerable.Repeat("\r\n.", 22_000)));
        var messages = bodies.Select((body, i) => new TestMessage($"r{i}@example.test", body)).ToArray();

        Assert.Null(await SmtpRun.SendAsync(server, messages));

        Assert.All(await SmtpRun.OutcomesAsync(messages), a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.Equal(bodies.Select(Normal), server.Messages.Select(m => m.Text));
        foreach (var message in server.Messages)
        {
            var wire = Encoding.Latin1.GetString(message.Wire).Replace("\r\n", "", StringComparison.Ordinal);
            Assert.DoesNotContain('\r', wire);
            Assert.DoesNotContain('\n', wire);
        }
    }

    [Fact]
    public void Cuts_in_source_and_destination_change_nothing()
    {
        var random = new Random(7);
        for (var round = 0; round < 3000; round++)
        {
            var body = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Pieces[random.Next(Pieces.Length - 1)]));
            Assert.Equal(Stuffed(body), Stuff(Encoding.ASCII.GetBytes(body), random));
        }
    }

    /// <summary>Line ends made CRLF, and one at the end where there is any text.</summary>
    private static string Normal(string body)
    {
        var lines = body.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (lines.Length > 0 && !lines.EndsWith('\n')) lines += "\n";
        return lines.Replace("\n", "\r\n", StringComparison.Ordinal);
    }

    private static string Stuffed(string body)
    {
        var normal = Normal(body).Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        return (normal.StartsWith('.') ? "." + normal : normal) + ".\r\n";
    }

    private static string Stuff(ReadOnlySpan<byte> body, Random random)
    {
        var stuffer = new DotStuffer();
        var result = new StringBuilder();
        var destination = new byte[64];
        while (!body.IsEmpty)
        {
            var chunk = body[..random.Next(1, body.Length + 1)];
            while (!chunk.IsEmpty)
            {
                var room = destination.AsSpan(0, random.Next(3, 64));
                stuffer.Copy(chunk, room, out var consumed, out var written);
                Assert.True(consumed > 0 || written > 0);
                result.Append(Encoding.ASCII.GetString(room[..written]));
                chunk = chunk[consumed..];
                body = body[consumed..];
            }
        }
        var end = stuffer.Finish(destination);
        return result.Append(Encoding.ASCII.GetString(destination, 0, end)).ToString();
    }
}
