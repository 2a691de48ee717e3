using System.Buffers;
using System.Text;
using System.Text.Json;
using Delivery.Contracts;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Messages;

namespace Delivery.Integration.Tests.Servers;

/// <summary>Messages as the product composes them, and some whose lines are what transports get wrong.</summary>
internal static class MailVariety
{
    private static readonly MessageComposer Composer = new(new TrackingTokens(KeyRing.Create()));

    /// <summary>Each differs from all others.</summary>
    /// <param name="to">Null for <c>reader{number}@inbox.example</c>.</param>
    public static byte[] Make(int number, string? to = null)
    {
        string html = $"<p>Hello {number} <a href=\"https://shop.example/{number}\">look</a></p>";
        return (number % 8) switch
        {
            0 => Compose(number, "שלום עולם", $"<p dir=rtl>שלום לכולם, זו הודעה {number}</p>", $"שלום {number}\n", to: to),
            1 => Compose(number, "Party 🎉👨‍👩‍👧‍👦 tonight", $"<p>🎉🎉 {number} 👨‍👩‍👧‍👦</p>", $"🎉 {number}\n.\n..\n", to: to),
            2 => Compose(number, "Long", $"<p>{new string('x', 5000)} {number}</p>", new string('y', 3000) + $"\n{number}\n"),
            3 => Compose(number, "Attached", html, "See attachment\n", [new Attachment("מסמך.pdf", "application/pdf", Noise(number, 20_000)), new Attachment("a.txt", "text/plain", "one\n.\ntwo\n"u8.ToArray())]),
            4 => Raw(number, ".\r\n..\r\n...dots\r\n.\r\n\r\n.leading\r\n"),
            5 => Raw(number, "From here on\r\n>From there\r\n\r\nFrom \r\ntrailing  \r\n\ttabs\t\r\n\r\n\r\n\r\n"),
            6 => Raw(number, string.Concat(Enumerable.Range(0, 200).Select(i => new string((char)('a' + i % 26), 900) + "\r\n"))),
            _ => Raw(number, "RSET\r\nMAIL FROM:<evil@inbox.example>\r\nRCPT TO:<victim@inbox.example>\r\nDATA\r\nBDAT 5 LAST\r\nQUIT\r\n"),
        };
    }

    private static byte[] Compose(int number, string subject, string html, string text, IReadOnlyList<Attachment>? attachments = null, string? to = null)
    {
        var content = new MessageContent { From = new Mailbox("shop@sender.example", "The Shop"), Subject = subject, Html = html, Text = text, Attachments = attachments ?? [] };
        Assert.True(CompiledContent.TryCompile(content, new ComposeOptions { TrackerBaseUrl = new Uri("http://127.0.0.1:5081") }, out var compiled, out var errors), string.Join('\n', errors));
        var output = new ArrayBufferWriter<byte>();
        var input = new MessageInput
        {
            Account = 7, Job = 99, Recipient = (uint)number, Date = DateTimeOffset.UnixEpoch.AddYears(56), Email = to ?? $"reader{number}@inbox.example", Name = "Noa",
            UpstreamId = $"crm-{number}", Key = new RecipientKey(1, (ulong)number), List = 3, SubstitutionData = JsonDocument.Parse("{}").RootElement,
        };
        Assert.True(Composer.TryCompose(compiled, input, output, out var failure), failure.ToString());
        return [.. output.WrittenSpan, .. compiled.SharedTail.Span];
    }

    private static byte[] Raw(int number, string body) => Encoding.ASCII.GetBytes(
        $"From: shop@sender.example\r\nTo: reader{number}@inbox.example\r\nSubject: raw\r\nDate: Sun, 22 Nov 2026 10:20:30 +0200\r\nMessage-ID: <raw-{number}@sender.example>\r\n\r\n{body}");

    private static byte[] Noise(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
