using System.Net;
using Delivery.Mta.Messages;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

public sealed class UtmTests
{
    private static readonly ComposeOptions Tracked = Options with { OpenTracking = false, Utm = new UtmParameters { Source = "mail", Campaign = "Spring & Sun", Content = "é" } };
    private static readonly ComposeOptions Untracked = Tracked with { ClickTracking = false };
    private const string Tags = "utm_source=mail&utm_campaign=Spring%20%26%20Sun&utm_content=%C3%A9";

    [Theory]
    [InlineData("https://x.example", "https://x.example?" + Tags)]
    [InlineData("https://x.example/a", "https://x.example/a?" + Tags)]
    [InlineData("https://x.example/a?", "https://x.example/a?" + Tags)]
    [InlineData("https://x.example/a?b=1", "https://x.example/a?b=1&" + Tags)]
    [InlineData("https://x.example/a?b=1&", "https://x.example/a?b=1&" + Tags)]
    [InlineData("https://x.example/a#top", "https://x.example/a?" + Tags + "#top")]
    [InlineData("https://x.example/a?b=1#top?utm_source=x", "https://x.example/a?b=1&" + Tags + "#top?utm_source=x")]
    [InlineData("https://x.example/?utm_source=own", "https://x.example/?utm_source=own&utm_campaign=Spring%20%26%20Sun&utm_content=%C3%A9")]
    [InlineData("https://x.example/?UTM_Campaign=own&utm_source=&utm_content=c", "https://x.example/?UTM_Campaign=own&utm_source=&utm_content=c")]
    [InlineData("https://x.example/?my_utm_source=1", "https://x.example/?my_utm_source=1&" + Tags)]
    public void They_are_added_to_a_destination(string url, string expected)
    {
        // In text a question mark at the end is taken for the sentence's.
        var inText = url.EndsWith('?') ? expected + '?' : expected;
        foreach (var options in new[] { Tracked, Untracked })
        {
            // As written, and only when the data is there.
            var html = $"<a href=\"{WebUtility.HtmlEncode(url)}\">a</a> <a href=\"{{{{url1}}}}\">b</a>";
            var mail = Deliver(Content(html, $"see {url} and {{{{#if url1}}}}{url}{{{{/if}}}} <{{{{url1}}}}>\n"), $$"""{"url1":"{{url}}"}""", options);
            if (options == Tracked)
            {
                Assert.All(Clicks(mail.Html), click => Assert.Equal(expected, click.Url));
                Assert.Equal(2, Clicks(mail.Html).Count);
                Assert.StartsWith($"see {inText} and {inText} <", Untrack(mail.Text), StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal($"<a href=\"{expected.Replace("&", "&amp;", StringComparison.Ordinal)}\">a</a> <a href=\"{expected.Replace("&", "&amp;", StringComparison.Ordinal)}\">b</a>", mail.Html);
                Assert.StartsWith($"see {inText} and {inText} <", mail.Text, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("<a data-track=\"false\" href=\"https://x.example/\">a</a>")]
    [InlineData("<a clicktracking=off href=\"https://x.example/{{a}}\">a</a>")]
    [InlineData("<a href=\"mailto:a@x.example\">a</a>")]
    [InlineData("<a href=\"#top\">a</a>")]
    [InlineData("<a href=\"/relative\">a</a>")]
    [InlineData("<a href=\"{{unsubscribe_url}}\">a</a>")]
    [InlineData("<img src=\"https://x.example/a.png\">")]
    public void Other_links_stay_as_they_are(string html)
    {
        Assert.DoesNotContain("utm_", Deliver(Content(html), """{"a":1}""", Tracked).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("utm_", Deliver(Content(html), """{"a":1}""", Untracked).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_derived_text_has_them_too()
    {
        var content = Content("<a href=\"https://x.example/?a=1&amp;b=2\">shop</a>");
        Assert.Equal($"shop (https://x.example/?a=1&b=2&{Tags})\n", Deliver(content, options: Untracked).Text);
        Assert.Equal($"shop (https://x.example/?a=1&b=2&{Tags})\n", Untrack(Deliver(content, options: Tracked).Text));
    }

    [Fact]
    public void A_URL_that_would_become_too_long_is_tracked_without_them()
    {
        var fits = "https://x.example/" + new string('a', 2_000 - 18 - 1 - Tags.Length);
        Assert.Equal(fits + "?" + Tags, Assert.Single(Clicks(Deliver(Content($"<a href=\"{fits}\">a</a>", "t"), options: Tracked).Html)).Url);
        Assert.Equal(fits + "a", Assert.Single(Clicks(Deliver(Content($"<a href=\"{fits}a\">a</a>", "t"), options: Tracked).Html)).Url);
    }

    [Fact]
    public void The_report_names_the_URL_as_written()
    {
        var link = Assert.Single(Compile(Content("<a href=\"https://x.example/{{id}}\">a</a>"), Tracked).Links);
        Assert.Equal("https://x.example/{{id}}", link.Url);
    }

    [Fact]
    public void No_fields_add_nothing()
    {
        var options = Options with { OpenTracking = false, ClickTracking = false, Utm = new UtmParameters { Source = "" } };
        Assert.Equal("<a href='https://x.example/'>a</a>", Deliver(Content("<a href='https://x.example/'>a</a>"), options: options).Html);
    }
}
