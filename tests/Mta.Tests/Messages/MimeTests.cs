using System.Text.Json;
using Delivery.Mta.Messages;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

public sealed class MimeTests
{
    [Fact]
    public async Task Another_library_reads_what_was_meant()
    {
        const string subject = "שלום 👋 {{name}}, here is a rather long subject that cannot stand on one line of a header – will it survive?";
        var content = Content(
            "<html><body>\r\n<h1>שלום {{name}}</h1>\n<p>🎉 trailing  \nA line that is far longer than seventy-six characters so that it has to be broken softly somewhere = here.</p></body></html>",
            "שלום {{name}} 🎉\n.\n..dots\nFrom me\n", subject) with
        {
            From = new Mailbox("shop@bücher.example", "The \"Büro\", {{city}}"),
            ReplyTo = "\"Help, please\" <help+{{id}}@example.com>",
            Headers = new Dictionary<string, string> { ["X-Tier"] = "{{tier}}", ["X-Campaign"] = "autumn", ["X-Empty"] = "{{none}}" },
        };
        var message = Compose(Compile(content, Plain with { ListUnsubscribe = true }), Input("""{"name":"דנה","city":"Zürich","id":5,"tier":"gold ✨"}""", name: "Dana O'Neil (VIP)"));
        var mail = await PythonMail.ParseAsync(message);

        Assert.Equal("[]", mail.GetProperty("defects").GetRawText());
        Assert.Equal("multipart/alternative", mail.GetProperty("type").GetString());
        Assert.Equal(subject.Replace("{{name}}", "דנה", StringComparison.Ordinal), mail.GetProperty("subject").GetString());
        Assert.Equal(("The \"Büro\", Zürich", "shop@xn--bcher-kva.example"), Mailbox(mail, "From"));
        Assert.Equal(("Dana O'Neil (VIP)", "reader@example.com"), Mailbox(mail, "To"));
        Assert.Equal(("Help, please", "help+5@example.com"), Mailbox(mail, "Reply-To"));
        Assert.Equal("2026-11-22T08:20:30+00:00", mail.GetProperty("date").GetString());
        Assert.Equal("gold ✨", Header(mail, "X-Tier"));
        Assert.Equal("autumn", Header(mail, "X-Campaign"));
        Assert.Null(Header(mail, "X-Empty"));
        Assert.Equal("<99.5@xn--bcher-kva.example>", Header(mail, "Message-ID"));
        Assert.Equal("List-Unsubscribe=One-Click", Header(mail, "List-Unsubscribe-Post"));
        Assert.StartsWith($"<{Tracker}/u/", Header(mail, "List-Unsubscribe"), StringComparison.Ordinal);
        Assert.Equal("שלום דנה 🎉\n.\n..dots\nFrom me\n", Lines(mail, "text"));
        Assert.Equal("<html><body>\n<h1>שלום דנה</h1>\n<p>🎉 trailing  \nA line that is far longer than seventy-six characters so that it has to be broken softly somewhere = here.</p></body></html>", Lines(mail, "html"));
    }

    [Fact]
    public async Task A_text_alone_is_one_part()
    {
        var mail = await PythonMail.ParseAsync(Compose(Compile(Content(text: "just {{a}} line"), Plain), Input("""{"a":"one"}""")));
        Assert.Equal("text/plain", mail.GetProperty("type").GetString());
        Assert.Equal("just one line\n", Lines(mail, "text"));
        Assert.InRange(mail.GetProperty("longest").GetInt32(), 1, 78);
    }

    [Theory]
    [InlineData("a\r\nBcc: x@y.example")]
    [InlineData("a\nBcc: x@y.example")]
    [InlineData("a\rBcc: x@y.example")]
    [InlineData("a\r\n\r\n<b>body</b>")]
    [InlineData("a\u2028Bcc: x@y.example")]
    [InlineData("a\u0085Bcc: x@y.example")]
    [InlineData("a\0b\u001b\u007f")]
    [InlineData("=?utf-8?Q?a=0D=0ABcc:_x@y.example?=")]
    [InlineData("\"quoted\" <x@y.example>, b")]
    public async Task Data_cannot_add_a_header_or_an_address(string value)
    {
        var content = Content(text: "body", subject: "s {{v}}") with
        {
            From = new Mailbox("shop@example.com", "n {{v}}"),
            Headers = new Dictionary<string, string> { ["X-Data"] = "{{v}}" },
        };
        var message = Compose(Compile(content, Plain), Input(JsonSerializer.Serialize(new { v = value }), name: value));
        var mail = await PythonMail.ParseAsync(message);

        Assert.Equal(["From", "To", "Subject", "Date", "Message-ID", "X-Data", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"],
            mail.GetProperty("headers").EnumerateArray().Select(header => header[0].GetString()));
        Assert.Equal("shop@example.com", Mailbox(mail, "From").Address);
        Assert.Equal("reader@example.com", Mailbox(mail, "To").Address);
        Assert.Equal("body\n", Lines(mail, "text"));
        Assert.Equal("[]", mail.GetProperty("defects").GetRawText());
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes()
    {
        var compiled = Compile(Content("<a href='https://x.example/{{a}}'>t</a>"));
        var composer = new MessageComposer(Tokens);
        var first = new System.Buffers.ArrayBufferWriter<byte>();
        var again = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.True(composer.TryCompose(compiled, Input("""{"a":1}"""), first, out _));
        Assert.True(composer.TryCompose(compiled, Input("""{"a":2}""", "other@example.com", "Other"), new System.Buffers.ArrayBufferWriter<byte>(), out _));
        Assert.True(composer.TryCompose(compiled, Input("""{"a":1}"""), again, out _));
        Assert.Equal(first.WrittenSpan.ToArray(), again.WrittenSpan.ToArray());
    }

    [Fact]
    public void Composing_allocates_next_to_nothing()
    {
        var compiled = Compile(Content("<p>Hi {{name}}</p>{{#each items}}<a href=\"https://x.example/{{id}}?a=1&amp;b=2\">{{upper title}}</a>{{/each}}{{number price 2}}", subject: "For {{name}} \u2728"));
        var input = Input("""{"name":"D\u00e4na \ud83d\ude00","price":19.5,"items":[{"id":1,"title":"one"},{"id":2,"title":"two"}]}""", name: "Dana");
        var composer = new MessageComposer(Tokens);
        var output = new System.Buffers.ArrayBufferWriter<byte>(64 * 1024);
        var allocated = 0L;
        for (var round = 0; round < 200; round++)
        {
            output.ResetWrittenCount();
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(composer.TryCompose(compiled, input, output, out _));
            if (round >= 100)
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.InRange(allocated / 100, 0, 256);
    }

    [Theory]
    [InlineData("no-at")]
    [InlineData("a b@example.com")]
    [InlineData("a@b@example.com")]
    [InlineData("\"a\r\nRCPT TO:<v@e>\"@example.com")]
    [InlineData("a@exa\nmple.com")]
    [InlineData("a@-example.com")]
    [InlineData(".a@example.com")]
    [InlineData("a@")]
    [InlineData("a\u200Bb@example.com")]
    [InlineData("e\u0301@example.com")]
    public void An_address_that_is_none_has_no_message(string email) =>
        Assert.Equal(new ComposeFailure(ComposeReason.InvalidAddress, "address.email"), Fail(Content(text: "t"), Input(email: email)));

    [Fact]
    public async Task Addresses_in_letters_outside_ASCII_stand_in_the_header_as_they_are()
    {
        var content = Content(text: "t") with { From = new Mailbox("info@bücher.example", "Bücher"), ReplyTo = "Antwort <grüße@bücher.example>" };
        var message = Compose(Compile(content, Plain), Input(email: "דנה@bücher.example", name: "דנה"));

        var head = System.Text.Encoding.UTF8.GetString(message);
        head = head[..head.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        Assert.Contains("<דנה@xn--bcher-kva.example>\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Reply-To: Antwort <grüße@xn--bcher-kva.example>\r\n", head, StringComparison.Ordinal);
        Assert.Contains("From: =?UTF-8?Q?B=C3=BCcher?= <info@xn--bcher-kva.example>\r\n", head, StringComparison.Ordinal);
        // Names go in encoded-words nevertheless, so that nothing but an address asks for SMTPUTF8.
        Assert.Equal(2, head.Split("\r\n").Count(line => !System.Text.Ascii.IsValid(line)));
        var headers = (await PythonMail.ParseAsync(message)).GetProperty("headers").EnumerateArray();
        Assert.Contains("דנה@xn--bcher-kva.example", Assert.Single(headers, header => header[0].GetString() == "To")[1].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_names_its_field()
    {
        var big = "{\"v\":\"" + new string('x', 9_000) + "\",\"l\":[" + string.Join(',', Enumerable.Repeat("0", 1_100)) + "]}";
        Assert.Equal(new ComposeFailure(ComposeReason.InvalidAddress, "content.reply_to"), Fail(Content(text: "t") with { ReplyTo = "{{v}}@example.com" }, Input("""{"v":"a b"}""")));
        Assert.Equal(new ComposeFailure(ComposeReason.HeaderTooLong, "content.subject"), Fail(Content(text: "t", subject: "{{v}}"), Input(big)));
        Assert.Equal(new ComposeFailure(ComposeReason.TooManySteps, "content.html"), Fail(Content("{{#each l}}{{#each @root.l}}{{/each}}{{/each}}", "t"), Input(big)));
        Assert.Equal(new ComposeFailure(ComposeReason.OutputTooLarge, "content.text"), Fail(Content(text: "{{#each l}}{{@root.v}}{{/each}}"), Input(big)));
        Assert.Equal(new ComposeFailure(ComposeReason.HeaderTooLong, "content.headers.X-A"), Fail(Content(text: "t") with { Headers = new Dictionary<string, string> { ["X-A"] = "{{v}}" } }, Input(big)));
    }

    private static (string Name, string Address) Mailbox(JsonElement mail, string header)
    {
        var only = Assert.Single(mail.GetProperty("addresses").GetProperty(header).EnumerateArray().ToArray());
        return (only[0].GetString()!, only[1].GetString()!);
    }

    private static string? Header(JsonElement mail, string name) => mail.GetProperty("headers").EnumerateArray()
        .Where(header => header[0].GetString() == name).Select(header => header[1].GetString()).SingleOrDefault();

    private static string Lines(JsonElement mail, string part) => mail.GetProperty(part).GetString()!.Replace("\r\n", "\n", StringComparison.Ordinal);
}
