using System.Text;
using System.Text.Json;
using Delivery.Mta.Messages;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Dkim;

/// <summary>Mail of many kinds, the same for the same seed.</summary>
internal sealed class VariedMail(int seed)
{
    private static readonly string[] Pieces =
    [
        "word ", "שלום עולם ", "👩\u200d👩\u200d👧", "👍🏽 ", "日本語", "é", " ", "   ", "\t", " \t \n", "line \n", "\n\n\n", "\r\n", "\r", "\n.\n", "..", "=", "=3D", "From me\n", "<b>x</b>",
        "&amp;", new string('x', 90), new string('y', 1_200), "MAIL FROM:<x@y.example>\r\n", "\u0085", "\u2028", "\0",
    ];

    private static readonly string[] Headers =
        ["List-Id", "X-Campaign", "In-Reply-To", "References", "Auto-Submitted", "Precedence", "X-Mailer", "Organization", "Feedback-ID", "X-Long-Name-Of-A-Field"];

    private readonly Random _random = new(seed);

    /// <param name="from">The sender's address.</param>
    public CompiledContent Content(string from, bool attached)
    {
        var headers = new Dictionary<string, string>();
        foreach (var name in Headers)
        {
            if (_random.Next(3) == 0)
                headers[name] = _random.Next(2) == 0 ? "{{h}}" : "fixed " + new string('v', _random.Next(200)) + " and more words behind it";
        }

        var withHtml = attached || _random.Next(3) > 0;
        var content = Content(
            withHtml ? $"<html>\n  <body>\n    <p>{{{{v}}}} {{{{{{v}}}}}}</p>\n\t<a href=\"https://shop.example/{{{{n}}}}\">look</a>  \n\n{Text(20)}\n\n</body></html>{Blanks()}" : null,
            withHtml && _random.Next(2) == 0 ? null : $"{{{{v}}}}\n  {Text(10)}{Blanks()}",
            "s {{h}} " + Text(3)) with
        {
            From = new Mailbox(from, _random.Next(2) == 0 ? "The Shop" : "חנות {{h}}"),
            ReplyTo = _random.Next(2) == 0 ? "help@shop.example" : null,
            Headers = headers,
            Attachments = attached ? [.. Enumerable.Range(0, _random.Next(1, 3)).Select(i => new Attachment($"file{i}.pdf", "application/pdf", Bytes()))] : [],
            InlineImages = attached && _random.Next(2) == 0 ? [new Attachment("logo.png", "image/png", Bytes())] : [],
        };
        return Compile(content, Options with { ClickTracking = _random.Next(4) > 0 });
    }

    public MessageInput Recipient(int n) =>
        Input(JsonSerializer.Serialize(new { v = Text(30), h = Text(8), n }), $"r{n}@example.test", _random.Next(2) == 0 ? Text(2) : null) with { Recipient = (uint)n };

    private string Text(int most) => string.Concat(Enumerable.Range(0, _random.Next(most + 1)).Select(_ => Pieces[_random.Next(Pieces.Length)]));

    private string Blanks() => string.Concat(Enumerable.Repeat(_random.Next(2) == 0 ? "\n" : " \n", _random.Next(5)));

    private byte[] Bytes()
    {
        var bytes = new byte[_random.Next(1, 4_000)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private MessageContent Content(string? html, string? text, string subject) => Messages.Composing.Content(html, text, Clean(subject));

    /// <summary>No template tags of its own.</summary>
    private static string Clean(string text) => new StringBuilder(text).Replace("\0", "").ToString();
}
