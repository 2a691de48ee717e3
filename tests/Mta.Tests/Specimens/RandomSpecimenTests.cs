using System.Text;
using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Mta.Messages;
using Delivery.Mta.Specimens;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Specimens;

/// <summary>Specimens of random templates, read by Python's html.parser.</summary>
public sealed class RandomSpecimenTests
{

    private static readonly string[] Allowed =
        ["class", "id", "style", "dir", "lang", "title", "width", "alt", "name", "media", "data-position", "start", "value", "coords"];

    private static readonly string[] Leaves =
    [
        "word ", "שלום ", "&amp;", "&#x3C;script&#62;", "< ", ">", "\"", "'", "/", "=", "\n", "é😀", "{{name}}", "{{{html}}}", "{{&deep.a}}", "{{upper x}}", "{{default a b}}", "{{unsubscribe_url}}",
        "{{recipient_id}}", "{{address.email}}", "{{@index}}", "{{this}}", "{{../x}}", "{{! c }}", "\\{{y}}", "<br>", "<br/>", "<p>", "</p>", "</a>", "</div>", "<table><tr><td>", "</table>",
        "<a href=\"https://a.example/{{id}}\" class=\"x\">", "<a href='https://b.example/?q={{url name}}' onclick='x()'>", "<a href=https://c.example>", "<a HREF=\"{{link}}\">", "<a href=\"{{{link}}}\" href=\"https://two.example\">",
        "<a href=\"mailto:a@b.example\">", "<a href=\"javascript:alert(1)\">", "<a href=\"{{unsubscribe_url}}\">", "<a href=\"https://d.example\" data-track=false>", "<a\nhref\n=\n\"https://e.example\"\n>",
        "<area href=\"https://f.example\" coords='1,2'>", "<a {{#if a}}href=\"https://g.example\"{{else}}href=\"https://h.example\"{{/if}} title=\"{{t}}\">", "<a href=\"{{#if a}}https://i.example{{else}}{{link}}{{/if}}\">",
        "<img src=\"https://x.example/a.png\" onerror=alert(1) alt=\"{{alt}}\">", "<img src=x:y srcset=z alt='<b>' data-position=7>", "<p style=\"background:url({{link}})\" id=a onload=x>", "<p style='color:{{c}};background:ur\\6c(https://x.example)'>",
        "<style>p{background:url(https://x.example)} @import 'https://x.example';</style>", "<style>{{{html}}} a > b{}</style>", "<style>", "</style>", "<script>alert(1)</script>", "<script>", "</script>",
        "<!--", "-->", "<!-- <a href=\"https://no.example\"> -->", "<![if !mso]>", "<![endif]>", "<!DOCTYPE html>", "<?x?>", "<svg><a xlink:href=\"https://x.example\">", "<math><mtext>", "<noscript>", "<textarea>", "</textarea>", "<title>", "<iframe src=x>", "</iframe>",
        "<object data=x>", "<form action=x><input autofocus onfocus=x><button formaction=x>", "<base href=https://x.example>", "<link rel=stylesheet href=x>", "<meta http-equiv=refresh content='0;x'>", "<html lang=\"{{l}}\" dir=rtl>", "<body background=x onload=y>",
        "</", "<", "<a", "<a href=\"", "<{{name}} href=\"https://j.example\">", "</p title='>'>", "<p/title=x/>", "<xmp>", "<plaintext>", "<template>", "<select><option>", "\u0000", "<p \u0000=x>",
    ];

    private static readonly (string Open, string Close)[] Blocks =
    [
        ("{{#if a}}", "{{/if}}"), ("{{#unless deep.a}}", "{{/unless}}"), ("{{^if x}}", "{{/if}}"), ("{{#each list}}", "{{/each}}"), ("{{#each missing}}", "{{/each}}"), ("{{#each deep}}", "{{/each}}"),
        ("{{^each list}}", "{{/each}}"), ("{{#with deep}}", "{{/with}}"), ("{{#with nothing}}", "{{/with}}"), ("{{#eq a \"b\"}}", "{{/eq}}"),
    ];

    private const string Data =
        """
        {"html":"<b onclick=x>h</b><a href='https://x.example' data-position=1>l</a><script>x</script><style>p{background:url(x)}</style><img src=x><!--","link":"https://k.example/\"><script>x</script>",
        "deep":{"a":"<i>d</i>","b":["x"]},"list":[{"x":1,"y":"https://l.example"},2,[3]],"t":"\"><script>","c":"red;background:url(https://x.example)","alt":"a\"b","l":"he"}
        """;

    [Fact]
    public async Task Every_tracked_link_is_there_once_and_nothing_runs_loads_or_leads_elsewhere()
    {
        var random = new Random(2026);
        var (specimens, positions) = (new List<byte[]>(), new List<List<int>>());
        var (job, none) = (JsonDocument.Parse(Data).RootElement, JsonDocument.Parse("{}").RootElement);
        while (specimens.Count < 3_000)
        {
            var content = Content(Template(random, 4));
            if (!CompiledContent.TryCompile(content, Options, out var compiled, out _))
                continue;
            var specimen = SpecimenMaker.Make(content, Options, random.Next(3) == 0 ? none : job, none);
            Assert.False(specimen.Truncated);
            specimens.Add(specimen.Html);
            positions.Add([.. compiled.Links.Where(link => link.Part == MessagePart.Html).Select(link => (int)link.Position)]);
        }

        var read = await PythonHtml.ReadAllAsync(specimens);
        for (var i = 0; i < read.Count; i++)
        {
            var html = Encoding.UTF8.GetString(specimens[i]);
            Holds(positions[i].SequenceEqual(read[i].Positions.Select(one => one.Position).Order()), string.Join(' ', positions[i]) + " in " + html);
            Holds(read[i].Positions.TrueForAll(one => one.Tag is "a" or "area" or "span"), html);
            Holds(read[i].Tags.TrueForAll(SafeHtml.IsElement), html);
            Holds(read[i].Attributes.TrueForAll(one => Allowed.Contains(one.Name)), html);
            Holds(read[i].Other.Count == 0 && !html.Contains('\0'), html);
            Holds(!html.Contains("<script", StringComparison.OrdinalIgnoreCase), html);
            foreach (var word in (ReadOnlySpan<string>)["url(", "@import", "expression(", "<"])
                Holds(!read[i].Styles.Contains(word, StringComparison.OrdinalIgnoreCase), html);
        }

        Assert.True(positions.Sum(one => one.Count) > 3_000);
        Assert.Contains(positions, one => one.Count > 5);
    }

    [Fact]
    public async Task Every_tracked_link_of_a_text_is_there_once()
    {
        var random = new Random(7);
        string[] words = ["https://a.example/{{id}}", "http://b.example?x=1&y=2 ", "{{name}}", " ", "\n", "<b>", "(https://c.example)", "https://{{host}}/ ", "{{link}} ", "שלום ", "\0", "."];
        var (specimens, positions) = (new List<byte[]>(), new List<List<int>>());
        for (var n = 0; n < 500; n++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(1, 20); i > 0; i--)
            {
                var (open, close) = random.Next(4) == 0 ? Blocks[random.Next(Blocks.Length)] : ("", "");
                text.Append(open).Append(words[random.Next(words.Length)]).Append(open.Length > 0 && random.Next(2) == 0 ? "{{else}}" + words[random.Next(words.Length)] : "").Append(close);
            }

            var content = Content(text: text.ToString());
            specimens.Add(Making.Make(content, Data).Html);
            positions.Add([.. Compile(content).Links.Select(link => (int)link.Position)]);
        }

        var read = await PythonHtml.ReadAllAsync(specimens);
        for (var i = 0; i < read.Count; i++)
        {
            Holds(positions[i].SequenceEqual(read[i].Positions.Select(one => one.Position)), Encoding.UTF8.GetString(specimens[i]));
            Holds(read[i].Tags[0] == "pre" && read[i].Tags.Skip(1).All(tag => tag == "a"), Encoding.UTF8.GetString(specimens[i]));
        }
    }

    [Fact]
    public void Any_style_sheet_comes_out_without_what_loads()
    {
        var random = new Random(3);
        string[] parts = ["url", "(", ")", "\\", "75", " ", "u", "rl", "/*", "*/", "\"", "'", "@", "import", "\n", ";", "{", "}", "<", "image-set", "expression", "é", "\0", "72 ", "-", ":", "x"];
        var kept = 0;
        for (var n = 0; n < 100_000; n++)
        {
            var css = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => parts[random.Next(parts.Length)]));
            var clean = SafeCss.Clean(css);
            kept += clean.Length > 0 ? 1 : 0;
            foreach (var word in (ReadOnlySpan<string>)["url(", "@import", "image-set(", "expression(", "<", "\0"])
                Assert.DoesNotContain(word, clean, StringComparison.OrdinalIgnoreCase);
        }

        Assert.True(kept > 50_000);
    }

    [Theory]
    [InlineData("<b>")]
    [InlineData("<a href=\"https://a.example\">")]
    [InlineData("<!--")]
    [InlineData("<style>")]
    [InlineData("\"'<a href=")]
    [InlineData("{{#if a}}{{/if}}")]
    [InlineData("<p style=\"((((\\\">")]
    [InlineData("{{x}}")]
    public void A_mail_of_one_thing_again_and_again_is_made_in_time(string piece)
    {
        var content = Content(string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length)));

        Assert.InRange(Making.Make(content).Html.Length, 0, EventLimits.MailBytes);
    }

    private static void Holds(bool condition, string html) => Assert.True(condition, html);

    private static string Template(Random random, int depth)
    {
        var text = new StringBuilder();
        for (var n = random.Next(1, 8); n > 0; n--)
        {
            if (depth == 0 || random.Next(4) > 0)
            {
                text.Append(Leaves[random.Next(Leaves.Length)]);
                continue;
            }

            var (open, close) = Blocks[random.Next(Blocks.Length)];
            text.Append(open).Append(Template(random, depth - 1));
            if (random.Next(2) == 0)
                text.Append("{{else}}").Append(Template(random, depth - 1));
            text.Append(close);
        }

        return text.ToString();
    }
}
