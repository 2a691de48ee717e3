using System.Text;
using Delivery.Mta.Messages;
using Delivery.Mta.Templates;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

public sealed class DerivedTextTests
{
    [Theory]
    [InlineData("<h1>Title</h1><p>One\n   two&nbsp;&amp; three<br>four</p><p>Five</p>", "{}", "Title\n\nOne two & three\nfour\n\nFive\n")]
    [InlineData("<ul>\n{{#each l}}\n  <li>{{this}}</li>\n{{/each}}\n</ul>End", """{"l":["a<b","c"]}""", "- a<b\n- c\n\nEnd\n")]
    [InlineData("<style>p{}</style><title>T</title><!-- c --><script>s</script>x<div style=\"DISPLAY: none\">pre<div>y</div>z</div><p hidden>h</p>w", "{}", "x\n\nw\n")]
    [InlineData("<img src=a alt=\"Our logo\"><img alt='{{n}}'><img>", """{"n":"N"}""", "Our logoN\n")]
    [InlineData("<a href=\"mailto:a@b.example\">a@b.example</a> <a href=\"mailto:a@b.example\">write</a> <a href='#x'>top</a>", "{}", "a@b.example write (mailto:a@b.example) top\n")]
    [InlineData("<a href=\"https://a.example/?x&amp;y\">go</a> <a href='https://b.example/'>https://b.example/</a> <a href='https://c.example/'><img alt=pic></a>", "{}", "go (https://a.example/?x&y) https://b.example/ pic (https://c.example/)\n")]
    [InlineData("<td {{#if a}}class=\"x\"{{/if}}>1</td>{{#if a}}<b>2</b>{{else}}<!-- {{#if b}} -->3<!-- {{/if}} -->{{/if}}", """{"a":1}""", "12\n")]
    [InlineData("<td {{#if a}}class=\"x\"{{/if}}>1</td>{{#if a}}<b>2</b>{{else}}<!-- {{#if b}} -->3<!-- {{/if}} -->{{/if}}", """{"b":1}""", "13\n")]
    [InlineData("&#123;&#123;x}} \\{{y}} a < b", "{}", "{{x}} {{y}} a < b\n")]
    [InlineData("{{{rich}}}", """{"rich":"<b>bold</b> &amp; <br>more"}""", "bold &\nmore\n")]
    public void Text_is_made_from_the_html(string html, string data, string expected) =>
        Assert.Equal(expected, Untrack(Deliver(Content(html), data).Text));

    [Fact]
    public void A_link_has_the_place_it_has_in_the_html()
    {
        var mail = Deliver(Content("<a href='https://a.example/'>a</a><a data-track='false' href='https://n.example/'>n</a><a href='{{u}}'>b</a>"), """{"u":"https://b.example/"}""");
        Assert.Equal(Clicks(mail.Html), Clicks(mail.Text));
        Assert.Equal([1, 3], Clicks(mail.Text).Select(click => (int)click.Place.Position));
        Assert.Contains("n (https://n.example/)", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_set_as_if_byte_by_byte()
    {
        string[] pieces = ["a", "word", " ", "  ", "\t", "\r", "\n", "\u0001", "\u0002", "é", "long words with single spaces between them"];
        var random = new Random(5);
        var output = new ByteBuffer();
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(25)).Select(_ => pieces[random.Next(pieces.Length)]));
            output.Clear();
            TextNormalizer.Write(Encoding.UTF8.GetBytes(text), output);
            Assert.Equal(Simple(text), Encoding.UTF8.GetString(output.Written));
        }
    }

    private static string Simple(string text)
    {
        var set = new StringBuilder();
        var (breaks, space) = (0, false);
        foreach (var c in text)
        {
            switch (c)
            {
                case ' ' or '\t':
                    space = true;
                    break;
                case '\r':
                    break;
                case '\n':
                    breaks = Math.Min(breaks + 1, 2);
                    break;
                case TextNormalizer.Line:
                    breaks = Math.Max(breaks, 1);
                    break;
                case TextNormalizer.Paragraph:
                    breaks = 2;
                    break;
                default:
                    if (set.Length > 0)
                        set.Append(breaks > 0 ? new string('\n', breaks) : space ? " " : "");
                    set.Append(c);
                    (breaks, space) = (0, false);
                    break;
            }
        }

        return set.Length > 0 ? set.Append('\n').ToString() : "";
    }
}
