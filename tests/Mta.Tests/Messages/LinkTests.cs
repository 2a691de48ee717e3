using Delivery.Mta.Messages;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

public sealed class LinkTests
{
    [Fact]
    public void A_link_becomes_a_click_url_with_its_place()
    {
        var compiled = Compile(Content("<p><a href=\"https://shop.example/a?x=1&amp;y=2\">Buy <b>now</b></a> <a href='https://shop.example/b'><img alt='B'></a> <a HREF=https://shop.example/a?x=1&amp;y=2>again</a></p>"));

        Assert.Equal(
        [
            new TemplateLink(1, 1, "https://shop.example/a?x=1&y=2", "Buy now", MessagePart.Html),
            new TemplateLink(2, 2, "https://shop.example/b", "B", MessagePart.Html),
            new TemplateLink(1, 3, "https://shop.example/a?x=1&y=2", "again", MessagePart.Html),
        ], compiled.Links);
        var clicks = Clicks(ReceivedMail.Parse(Compose(compiled, Input())).Html);
        Assert.Equal(["https://shop.example/a?x=1&y=2", "https://shop.example/b", "https://shop.example/a?x=1&y=2"], clicks.Select(click => click.Url));
        Assert.Equal([1, 2, 1], clicks.Select(click => (int)click.Place.Link));
        Assert.Equal([1, 2, 3], clicks.Select(click => (int)click.Place.Position));
    }

    [Fact]
    public void A_merge_field_in_a_url_is_not_escaped_twice()
    {
        var mail = Deliver(Content("<a href=\"https://x.example/?q={{q}}&amp;n={{url n}}\">go</a><a href=\"{{u}}\">u</a>"),
            """{"q":"a&b='1'","n":"שלום עולם & more","u":" https://y.example/path?a=1&b=2 "}""");

        Assert.Equal(["https://x.example/?q=a&b='1'&n=%D7%A9%D7%9C%D7%95%D7%9D%20%D7%A2%D7%95%D7%9C%D7%9D%20%26%20more", "https://y.example/path?a=1&b=2"],
            Clicks(mail.Html).Select(click => click.Url));
    }

    [Fact]
    public void A_loop_counts_its_turns()
    {
        var mail = Deliver(Content("{{#each items}}<a href=\"{{url}}\">{{title}}</a>{{/each}}<a href=\"https://last.example/\">l</a>"),
            """{"items":[{"url":"https://a.example/","title":"A"},{"url":"https://b.example/","title":"B"}]}""");

        var expected = new[] { (1, 0, "https://a.example/"), (1, 1, "https://b.example/"), (2, 0, "https://last.example/") };
        Assert.Equal(expected, Clicks(mail.Html).Select(click => ((int)click.Place.Position, (int)click.Place.LoopIndex, click.Url)));
        Assert.Equal(expected, Clicks(mail.Text).Select(click => ((int)click.Place.Position, (int)click.Place.LoopIndex, click.Url)));
    }

    [Fact]
    public void Quotes_in_expressions_do_not_end_an_attribute()
    {
        const string html = "<a title=\"{{#if (eq a \"b>\")}}x{{/if}}\" href=\"{{#if (eq a \"b\")}}https://one.example/?q=\"{{else}}https://two.example/{{/if}}\">t</a>";
        var sane = html.Replace("?q=\"", "?q=", StringComparison.Ordinal);
        Assert.Equal("https://one.example/?q=", Clicks(Deliver(Content(sane), """{"a":"b"}""").Html).Single().Url);
        Assert.Equal("https://two.example/", Clicks(Deliver(Content(sane)).Html).Single().Url);

        // A quote that does end it leaves half a block in the value: the link stays as it is, with a warning.
        var compiled = Compile(Content(html));
        Assert.Empty(compiled.Links);
        Assert.Contains("ends in another", Assert.Single(compiled.Warnings).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<a href=\"mailto:a@b.c?subject=x&amp;y\">m</a>")]
    [InlineData("<a href=\"tel:+1\">m</a><a href='sms:1'>s</a><a href=\"#top\">m</a><a href=\"cid:1\">c</a><a href=''>e</a><a>n</a>")]
    [InlineData("<a href=\"/relative\">m</a><a href=\"www.x.example\">m</a>")]
    [InlineData("<!-- <a href=\"https://x.example/\">m</a> -->")]
    [InlineData("<!--[if mso]><v:roundrect href=\"https://x.example/\"><![endif]-->")]
    [InlineData("<script>\"<a href='https://x.example/'>\"</script><style>/*<a href='https://x.example/'>*/</style><title><a href='https://x.example/'></title>")]
    [InlineData("<textarea><a href='https://x.example/'></textarea><img src='https://x.example/a.png'><link href='https://x.example/'>")]
    [InlineData("<a data-track=\"false\" href=\"https://x.example/\">m</a><a href='https://x.example/' clicktracking=off>m</a>")]
    public void What_is_not_to_be_tracked_stays_as_it_is(string html)
    {
        var compiled = Compile(Content(html), Options with { OpenTracking = false });
        Assert.Empty(compiled.Links);
        Assert.Equal(html, ReceivedMail.Parse(Compose(compiled, Input())).Html);
    }

    [Theory]
    [InlineData("mailto:a@b.c", "mailto:a@b.c")]
    [InlineData("tel:1&2", "tel:1&amp;2")]
    [InlineData("app://open", "app://open")]
    [InlineData("", "")]
    [InlineData("javascript:alert(1)", "#")]
    [InlineData(" java\\tscript:alert(1)", "#")]
    [InlineData("VBScript:x", "#")]
    [InlineData("data:text/html,x", "#")]
    public void A_value_that_is_no_web_address_is_not_tracked(string url, string expected)
    {
        var mail = Deliver(Content("<a href=\"{{u}}\">t</a>"), "{\"u\":\"" + url + "\"}", Options with { OpenTracking = false });
        Assert.Equal($"<a href=\"{expected}\">t</a>", mail.Html);
    }

    [Fact]
    public void A_written_script_is_emptied_whatever_the_options() =>
        Assert.Equal("<a href=\"#\">t</a>", Deliver(Content("<a href=\"javascript:alert('x')\">t</a>"), options: Plain).Html);

    [Fact]
    public void Positions_hold_when_tracking_is_switched_off_for_one_link()
    {
        var compiled = Compile(Content("<a href='https://a.example/'>a</a><a data-track=false href='https://b.example/'>b</a><a href='{{unsubscribe_url}}'>u</a><a href='https://c.example/'>c</a>"));
        Assert.Equal([1, 4], compiled.Links.Select(link => (int)link.Position));
        Assert.Equal([1, 2], compiled.Links.Select(link => (int)link.Link));
    }

    [Fact]
    public void The_unsubscribe_link_is_the_one_of_the_header()
    {
        var mail = Deliver(Content("<a href=\"{{unsubscribe_url}}\">leave</a>{{#each l}}<a href='{{@root.unsubscribe_url}}'>x</a>{{/each}}"), """{"l":[1]}""", Options with { OpenTracking = false });
        var url = mail["List-Unsubscribe"].Trim('<', '>');
        Assert.Equal($"<a href=\"{url}\">leave</a><a href='{url}'>x</a>", mail.Html);
        Assert.True(Tokens.TryReadUnsubscribe(url.AsSpan((Tracker + "/u/").Length), out var token));
        Assert.Equal((Key, 3u), (token.Key, token.List));
        Assert.Equal("List-Unsubscribe=One-Click", mail["List-Unsubscribe-Post"]);
    }

    [Fact]
    public void A_destination_over_the_limit_stays_as_it_is()
    {
        var url = "https://x.example/?" + new string('a', 2_000);
        var compiled = Compile(Content($"<a href=\"{url}\">t</a>"), Options with { OpenTracking = false });
        Assert.Contains("2000 bytes", Assert.Single(compiled.Warnings).Message, StringComparison.Ordinal);
        Assert.Contains(url, ReceivedMail.Parse(Compose(compiled, Input())).Html, StringComparison.Ordinal);
        var mail = Deliver(Content("<a href=\"{{u}}\">t</a>"), "{\"u\":\"" + url + "\"}", Options with { OpenTracking = false });
        Assert.Equal($"<a href=\"{url.Replace("=", "&#x3D;", StringComparison.Ordinal)}\">t</a>", mail.Html);
    }

    [Theory]
    [InlineData("https://x.example/a b", "https://x.example/a%20b")]
    [InlineData("https://x.example/שלום?q=é", "https://x.example/%D7%A9%D7%9C%D7%95%D7%9D?q=%C3%A9")]
    [InlineData("https://x.example/%20|\\u0007z", "https://x.example/%20%7C%07z")]
    [InlineData("http://bücher.example:8080/x", "http://xn--bcher-kva.example:8080/x")]
    [InlineData("HTTPS://X.example", "HTTPS://X.example")]
    public void A_destination_is_made_printable_ascii(string value, string expected)
    {
        var mail = Deliver(Content("<a href=\"{{u}}\">t</a>"), "{\"u\":\"" + value + "\"}");
        Assert.Equal(expected, Clicks(mail.Html).Single().Url);
        Assert.Equal(new Uri(expected).AbsoluteUri, new Uri(Clicks(mail.Html).Single().Url).AbsoluteUri);
    }

    [Theory]
    [InlineData("<html><body>x</body></html>", "<html><body>x@</body></html>")]
    [InlineData("x</BODY ><!-- </body> -->", "x@</BODY ><!-- </body> -->")]
    [InlineData("x{{#if a}}</body>{{/if}}", "x@")]
    [InlineData("x", "x@")]
    public void The_pixel_stands_before_the_end_of_the_body(string html, string expected)
    {
        var mail = Deliver(Content(html));
        var parts = expected.Split('@');
        Assert.StartsWith(parts[0] + $"<img src=\"{Tracker}/o/", mail.Html, StringComparison.Ordinal);
        Assert.EndsWith("border:0\">" + parts[1], mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_of_a_text_part_follow_those_of_the_html()
    {
        const string text = "Go https://a.example/x. Or (https://b.example/(y)), <https://c.example/{{p}}?z>{{#if a}} https://d.example/{{#if b}}1{{else}}2{{/if}}{{/if}}! xhttps://no.example";
        var compiled = Compile(Content("<a href='https://a.example/x'>a</a>", text));
        Assert.Equal([(1, 1), (1, 2), (2, 3), (3, 4), (4, 5)], compiled.Links.Select(link => ((int)link.Link, (int)link.Position)));
        var mail = ReceivedMail.Parse(Compose(compiled, Input("""{"a":1,"p":"pp"}""")));
        Assert.Equal("Go https://a.example/x. Or (https://b.example/(y)), <https://c.example/pp?z> https://d.example/2! xhttps://no.example", Untrack(mail.Text));
        Assert.Equal(4, Clicks(mail.Text).Count);
    }

    [Fact]
    public void Two_conditional_hrefs_are_two_links()
    {
        var content = Content("<a {{#if v}}href=\"https://a.example/\"{{else}}href=\"https://b.example/\"{{/if}}>t</a>");
        Assert.Equal(2, Compile(content).Links.Count);
        Assert.Equal((1, "https://a.example/"), Clicks(Deliver(content, """{"v":1}""").Html).Select(click => ((int)click.Place.Position, click.Url)).Single());
        Assert.Equal((2, "https://b.example/"), Clicks(Deliver(content).Html).Select(click => ((int)click.Place.Position, click.Url)).Single());
    }
}
