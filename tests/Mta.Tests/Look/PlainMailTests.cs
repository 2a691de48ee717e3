using System.Text;
using Delivery.Mta.Look;
using Delivery.Mta.Tests.Messages;

namespace Delivery.Mta.Tests.Look;

/// <summary>Mail that is looked at says what the mail that is sent says, and counts for nobody.</summary>
public sealed class PlainMailTests
{
    private const string Html =
        "<p>A &amp; {{name}}</p><a href=\"https://x.example/?a=1&amp;b={{url name}}\">one</a> <a href='https://x.example/2'>two</a> <a href=\"mailto:a@x.example\">m</a>"
        + "<a data-track=\"false\" href=\"https://x.example/off\">off</a> <a href=\"https://x.example/2\">again</a> <a href=\"{{unsubscribe_url}}\">u</a>";

    [Fact]
    public void Links_are_plain_and_no_token_is_in_the_message()
    {
        var mail = Looking.Mail(Looking.Html(Html), """{"name":"O'Neil & Co"}""");

        Assert.Contains("href=\"https://x.example/?a=1&amp;b=O%27Neil%20%26%20Co\"", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(Composing.Tracker + "/c/", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(Composing.Tracker + "/o/", mail.Html, StringComparison.Ordinal);
        Assert.Equal(1, Count(mail.Html!, Composing.Tracker + "/u/"));
        Assert.Contains(Composing.Tracker + "/u/preview\"", mail.Html, StringComparison.Ordinal);
        Assert.Equal($"<{Composing.Tracker}/u/preview>", mail.Header("List-Unsubscribe"));
        Assert.Contains("two (https://x.example/2)", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Tracked_links_have_the_positions_that_reports_have()
    {
        var content = Looking.Html(Html);
        var mail = Looking.Mail(content, """{"name":"N"}""");
        var compiled = Composing.Compile(content);

        Assert.Equal(
            compiled.Links.Select(link => ((ushort?)link.Position, link.Url)),
            mail.Anchors.Where(anchor => anchor.Tracked is not null).Select(anchor => ((ushort?)anchor.Tracked!.Position, anchor.Tracked.TemplateUrl)));
        Assert.Equal(6, mail.Anchors.Count);
        Assert.Equal(["mailto:a@x.example", "https://x.example/off", Composing.Tracker + "/u/preview"], mail.Anchors.Where(anchor => anchor.Tracked is null).Select(anchor => anchor.Url));
    }

    [Fact]
    public void The_size_is_that_of_the_message_as_it_is_sent()
    {
        var content = Looking.Html(Html);
        var sent = Composing.Compose(Composing.Compile(content), Composing.Input("""{"name":"N"}"""));

        Assert.Equal(sent.Length, Looking.Mail(content, """{"name":"N"}""").SizeBytes);
    }

    [Fact]
    public void The_header_is_read_as_it_was_meant()
    {
        var subject = "Long שלום =?UTF-8?Q?no?= \"quoted\" " + string.Concat(Enumerable.Repeat("ünd so weiter ", 20)).Trim();
        var mail = Looking.Mail(Composing.Content("x", subject: subject) with { ReplyTo = "Cäre <care@example.com>", Headers = new Dictionary<string, string> { ["X-Long"] = new string('a', 70) + " " + new string('b', 70) } });

        Assert.Equal(subject, mail.Subject);
        Assert.Equal("Cäre <care@example.com>", mail.Header("Reply-To"));
        Assert.Equal(new string('a', 70) + " " + new string('b', 70), mail.Header("X-Long"));
        Assert.Equal("The Shop <shop@example.com>", mail.Header("From"));
    }

    [Fact]
    public void Where_a_render_ends_is_told()
    {
        var content = Looking.Html("<p>\n{{#each l}}\n {{#each @root.l}}x{{/each}}\n{{/each}}</p>");
        var data = $$"""{"l":[{{string.Join(',', Enumerable.Repeat("1", 2_000))}}]}""";

        Assert.Null(new LookComposer(Composing.Tokens).Compose(Looking.Content(content), Composing.Input(data), true, out var fault));

        Assert.Equal("content.html", fault!.Field);
        Assert.Equal(3, fault.Line);
        Assert.Contains("1000000 steps", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_composer_that_was_looked_through_sends_as_before()
    {
        var compiled = Composing.Compile(Looking.Html(Html));
        var before = Composing.Compose(compiled, Composing.Input("""{"name":"N"}"""));
        Looking.Mail(Looking.Html(Html), """{"name":"N"}""");

        Assert.Equal(Encoding.ASCII.GetString(before), Encoding.ASCII.GetString(Composing.Compose(compiled, Composing.Input("""{"name":"N"}"""))));
    }

    private static int Count(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;
}
