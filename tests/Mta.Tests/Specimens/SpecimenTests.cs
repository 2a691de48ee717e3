using System.Text;
using Delivery.Contracts.Events;
using Delivery.Mta.Messages;
using Delivery.Mta.Specimens;
using static Delivery.Mta.Tests.Messages.Composing;
using static Delivery.Mta.Tests.Specimens.Making;

namespace Delivery.Mta.Tests.Specimens;

public sealed class SpecimenTests
{
    [Theory]
    [InlineData("<p>Hi {{first_name}}</p>", "<p>Hi ‹first_name›</p>")]
    [InlineData("<p>{{offer}} &amp; {{missing.deep.[a name]}}</p>", "<p>5 &lt; 6 &amp; ‹missing.deep.a name›</p>")]
    [InlineData("{{upper name}}, {{date when \"d MMM\"}}, {{default nick \"friend\"}}, {{empty}}!", "‹name›, ‹when›, friend, !")]
    [InlineData("{{address.email}} {{address.name}} {{recipient_id}} {{metadata.x}}", "‹address.email› ‹address.name› ‹recipient_id› ‹metadata.x›")]
    [InlineData("<p>{{! note }}{{!-- {{x}} --}}a \\{{b}}</p>", "<p>a {{b}}</p>")]
    public void What_the_job_does_not_say_is_a_placeholder(string template, string specimen) =>
        Assert.Equal(specimen, Html(template, """{"offer":"5 < 6","empty":""}"""));

    [Theory]
    [InlineData("Dear {{#if name}}{{name}}{{else}}friend{{/if}},", "Dear ‹name›,")]
    [InlineData("{{#unless a}}x{{/unless}}{{^if a}}y{{/if}}", "xy")]
    [InlineData("{{#if a}}<p>1</p>{{else if b}}<p>2</p>{{else}}<p>3</p>{{/if}}", "<p>1</p><p>2</p><p>3</p>")]
    [InlineData("{{#each list}}<li>{{name}} {{@index}}</li>{{else}}<li>none</li>{{/each}}", "<li>one 0</li>")]
    [InlineData("{{#each nowhere}}<li>{{name}} {{../name}}</li>{{else}}none{{/each}}", "<li>‹name› ‹../name›</li>")]
    [InlineData("{{^each list}}none{{else}}{{name}}{{/each}}", "one")]
    [InlineData("{{#each object}}{{@key}}={{this}}{{/each}}", "k=v")]
    [InlineData("{{#with list.1}}{{name}}{{#each ../list}}{{name}}{{../../list.length}}{{/each}}{{name}}{{/with}}", "twoone2two")]
    [InlineData("<p style=\"color:{{#if a}}red{{else}}blue{{/if}}\" title=\"{{t}}\" width=\"{{w}}\">x</p>", "<p style=\"color:red\" title=\"‹t›\" width=\"\">x</p>")]
    public void Blocks_show_their_branches(string template, string specimen) =>
        Assert.Equal(specimen, Html(template, """{"list":[{"name":"one"},{"name":"two"}],"object":{"k":"v","l":"w"}}"""));

    [Theory]
    [InlineData("<a href=\"https://a.example\" class=\"b\">x</a>", "<a data-position=\"1\" class=\"b\">x</a>")]
    [InlineData("{{#if a}}<a href=\"https://a.example\">{{else}}<a href=\"https://b.example\">{{/if}}x</a>", "<a data-position=\"1\"><a data-position=\"2\">x</a>")]
    [InlineData("<a {{#if a}}href='https://a.example'{{else}}href='https://b.example'{{/if}}>x</a>", "<a data-position=\"1\"><span data-position=\"2\"></span>x</a>")]
    [InlineData("<a href=\"{{#if a}}https://a.example{{else}}https://b.example{{/if}}\">x</a>", "<a data-position=\"1\">x</a>")]
    [InlineData("<a href=\"https://a.example/?{{#each x}}{{this}}{{/each}}\">x</a><a href={{url}}>y</a>", "<a data-position=\"1\">x</a><a data-position=\"2\">y</a>")]
    [InlineData("{{#each none}}a{{else}}<a href=\"https://a.example\">x</a>{{/each}}", "a<a data-position=\"1\">x</a>")]
    [InlineData("<a href=\"{{unsubscribe_url}}\">leave</a><a href=\"https://a.example\">x</a>", "<a>leave</a><a data-position=\"2\">x</a>")]
    [InlineData("<a href=\"https://a.example\" data-track=\"false\">x</a><a href=\"mailto:a@b.example\">y</a><a href=\"https://c.example\">z</a>", "<a>x</a><a>y</a><a data-position=\"2\">z</a>")]
    [InlineData("<map name=m><area href=\"https://a.example\" coords=\"0,0,9,9\" shape=rect></map>", "<map name=\"m\"><area data-position=\"1\" coords=\"0,0,9,9\" shape=\"rect\"></map>")]
    [InlineData("<a data-position=\"9\" href=\"javascript:x()\">x</a>", "<a>x</a>")]
    public void Links_are_their_positions_and_lead_nowhere(string template, string specimen) => Assert.Equal(specimen, Html(template));

    [Theory]
    [InlineData("<script>alert(1)</script><p onclick=\"x()\" ONLOAD=x>a</p>", "<p>a</p>")]
    [InlineData("<iframe src=x>y</iframe><object data=x>in</object><embed src=x><form action=x><input name=a><button>go</button></form>", "ingo")]
    [InlineData("<meta http-equiv=refresh content=\"0;url=x\"><base href=\"https://x.example/\"><link rel=stylesheet href=x><title>t</title>", "")]
    [InlineData("<img src=\"https://x.example/a.png\" srcset=\"b\" alt=\"A &quot;B&quot;\" width=10 height='20' border=0>", "<img alt=\"A &quot;B&quot;\" width=\"10\" height=\"20\" border=\"0\">")]
    [InlineData("<table background=\"https://x.example/a.png\" bgcolor=red><tr><td>1</table>", "<table bgcolor=\"red\"><tr><td>1</table>")]
    [InlineData("<!--[if mso]><a href=\"https://a.example\">x</a><![endif]--><!DOCTYPE html><?xml x?>a", "a")]
    [InlineData("<svg onload=x><style>a{}</style><a xlink:href=\"https://a.example\">t</a></svg>", "<style>a{}</style><a>t</a>")]
    [InlineData("a < b > c &lt;script&gt; <", "a &lt; b &gt; c &lt;script&gt; &lt;")]
    [InlineData("<p title='\"><script>'>x<p/title=y>", "<p title=\"&quot;&gt;&lt;script&gt;\">x<p title=\"y\">")]
    [InlineData("<p id=a id=b name=c>x", "<p id=\"a\">x")]
    public void What_runs_loads_or_leads_elsewhere_is_gone(string template, string specimen) => Assert.Equal(specimen, Html(template));

    [Theory]
    [InlineData("color:red;background:#fff url( 'https://x.example/a(b).png' ) no-repeat;margin:0", "color:red;background:#fff   no-repeat;margin:0")]
    [InlineData("background:u\\72l(https://x.example)", "background:u_l(https://x.example)")]
    [InlineData("background:\\75 rl(x)", "background:_rl(x)")]
    [InlineData("background:u/**/rl(x)", "background:u rl(x)")]
    [InlineData("background:URL(x", "background: ")]
    [InlineData("background:image-set(\"x\" 1x);color:blue", "background: ;color:blue")]
    [InlineData("width:expression(alert(1))", "width: ")]
    [InlineData("font-family:\"A B\",'C'", "font-family:\"A B\",'C'")]
    [InlineData("content:\"never closed\nurl(x)", "content: \n ")]
    public void Style_attributes_load_nothing(string css, string clean) => Assert.Equal(clean, SafeCss.Clean(css));

    [Theory]
    [InlineData("@import 'https://x.example/a.css'; p{color:red}", "@x-import 'https://x.example/a.css'; p{color:red}")]
    [InlineData("@im\\port \"x\";", "@x-im_ort \"x\";")]
    [InlineData("@media (max-width:600px){.sm\\:w > a{width:100%!important}}", "@media (max-width:600px){.sm\\:w > a{width:100%!important}}")]
    [InlineData("@font-face{src:url(x) format('woff')}", "@font-face{src:  format('woff')}")]
    [InlineData("<!-- p{} --></sty\\le>", "!-- p{} -->/sty_e>")]
    public void Style_sheets_load_nothing(string css, string clean) => Assert.Equal(clean, SafeCss.Clean(css));

    [Fact]
    public void A_style_sheet_stays_in_its_element() =>
        Assert.Equal("<style media=\"all\">p > a{color:red}</style><p>‹x›</p>", Html("<style type=text/css media=all>p > a{color:red}{{#if a}}</style{{/if}}</style><p>{{x}}</p>"));

    [Fact]
    public void Html_of_the_job_is_cleaned_too_and_makes_no_position()
    {
        const string data = """{"html":"<b data-position=\"1\" onclick=x>fat</b><a href=\"https://x.example\">l</a><img src=x><!-- <style>p{background:url(x)}</style>"}""";

        Assert.Equal("<b>fat</b><a>l</a><img><p>x</p>", Html("{{{html}}}<p>x</p>", data));
        Assert.Contains("&lt;b data-position=&quot;1&quot;", Html("{{html}}", data), StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_pixel_nor_scanner_link_nor_preheader_nor_token_is_in_it()
    {
        var content = Content("<html lang=\"he\"><body><p>{{unsubscribe_url}}</p></body></html>") with { Preheader = "Look here" };
        var specimen = Make(content, options: Options with { ScannerLink = true });

        Assert.Equal("<html lang=\"he\"><body><p>http://127.0.0.1:5081/u/preview</p></body></html>", Encoding.UTF8.GetString(specimen.Html));
        Assert.True(specimen.IsRightToLeft);
        Assert.Equal("he", specimen.Language);
        Assert.False(specimen.Truncated);
    }

    [Theory]
    [InlineData("<html lang=\"en\" dir=\"rtl\"><body>x", null, "en", true)]
    [InlineData("<body dir=rtl>x", null, "", true)]
    [InlineData("<html lang=\"{{l}}\">x", null, "fa", true)]
    [InlineData("<html lang=\"no language\">x", null, "", false)]
    [InlineData("<html lang=\"ar\" dir=\"ltr\">x", null, "ar", false)]
    [InlineData("<html lang=\"de\">x", "he-IL", "he-IL", true)]
    [InlineData("x", "{{their_language}}", "", false)]
    public void Language_and_direction_are_those_of_the_mail(string html, string? language, string expected, bool rightToLeft)
    {
        var specimen = Make(Content(html) with { Language = language }, """{"l":"fa"}""");

        Assert.Equal((expected, rightToLeft), (specimen.Language, specimen.IsRightToLeft));
    }

    [Fact]
    public void A_text_is_shown_with_its_links_in_anchors()
    {
        const string template = "Hi {{name}} <you>!\n{{#if a}}https://a.example/{{id}}{{else}}https://b.example?x=1&y=2{{/if}}.\n{{#each x}}{{this}}{{else}}nothing{{/each}} {{unsubscribe_url}}";

        Assert.Equal(
            "<pre style=\"white-space:pre-wrap;font-family:inherit\" dir=\"auto\">Hi ‹name› &lt;you&gt;!\n<a data-position=\"1\">https://a.example/‹id›</a><a data-position=\"2\">https://b.example?x=1&amp;y=2</a>.\n"
            + "‹this› http://127.0.0.1:5081/u/preview</pre>",
            Text(template));
        Assert.True(Make(Content(text: "2026: שלום")).IsRightToLeft);
    }

    [Fact]
    public void What_is_too_long_ends_between_two_tags()
    {
        var paragraph = $"<p>{new string('é', 500)}</p>";
        var specimen = Make(Content("{{#each list}}{{{this}}}{{/each}}<a href=\"https://a.example\">x</a>"), $$"""{"list":["{{string.Concat(Enumerable.Repeat(paragraph, 1_200))}}"]}""");
        var html = Encoding.UTF8.GetString(specimen.Html);

        Assert.True(specimen.Truncated);
        Assert.InRange(specimen.Html.Length, EventLimits.MailBytes - 2_000, EventLimits.MailBytes);
        Assert.EndsWith(">", html, StringComparison.Ordinal);
        Assert.StartsWith(paragraph + paragraph, html, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_without_end_costs_no_more_than_a_render()
    {
        var list = string.Join(',', Enumerable.Range(0, 100_000).Select(n => $"\"k{n}\":\"{n}\""));
        var content = Content(string.Concat(Enumerable.Repeat("{{k99999}}{{nothing}}", 40_000)));

        var specimen = Make(content, $"{{{list}}}");

        Assert.Contains("99999", Encoding.UTF8.GetString(specimen.Html), StringComparison.Ordinal);
    }

    [Fact]
    public void Pieces_are_cut_between_characters()
    {
        var text = string.Concat(Enumerable.Repeat("aé€😀", 50));
        var utf8 = Encoding.UTF8.GetBytes(text);
        for (var size = 4; size < 40; size++)
        {
            var pieces = Utf8Pieces.Cut(utf8, size);
            Assert.Equal(text, string.Concat(pieces.Select(piece => new UTF8Encoding(false, true).GetString(piece.Span))));
            Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, size));
        }

        Assert.True(Assert.Single(Utf8Pieces.Cut(Array.Empty<byte>(), 4)).IsEmpty);
    }
}
