using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

public sealed class PreheaderTests
{
    private const string Opening = "<div style=\"display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all\">";

    [Theory]
    [InlineData("<html><head><title>t</title></head><body class='a>b'><p>x</p></body></html>", "<html><head><title>t</title></head><body class='a>b'>", "<p>x</p></body></html>")]
    [InlineData("<!DOCTYPE html><html><head></head><p>x</p></html>", "<!DOCTYPE html><html><head></head>", "<p>x</p></html>")]
    [InlineData("<p>x</p>", "", "<p>x</p>")]
    [InlineData("<!-- <body> --><p>x</p>", "", "<!-- <body> --><p>x</p>")]
    [InlineData("{{#if a}}<body>{{/if}}<p>x</p>", "", "<body><p>x</p>")]
    [InlineData("<body {{#if a}}dir='rtl'{{/if}}><p>x</p>", "<body dir='rtl'>", "<p>x</p>")]
    public void It_stands_hidden_where_the_body_begins(string html, string before, string after)
    {
        var mail = Deliver(Content(html) with { Preheader = "For {{name}}: 5 < 6 & more" }, """{"name":"<b>Noa</b>","a":1}""", Plain);
        var filler = string.Concat(Enumerable.Repeat("&#847;&zwnj;&nbsp;", 100));
        Assert.Equal($"{before}{Opening}For &lt;b&gt;Noa&lt;/b&gt;: 5 &lt; 6 &amp; more{filler}</div>{after}", mail.Html);
        Assert.DoesNotContain("For", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{x}}")]
    [InlineData("{{{x}}}")]
    [InlineData("{{&x}}")]
    public void Nothing_in_it_is_markup(string source)
    {
        var mail = Deliver(Content("<p>x</p>") with { Preheader = source }, """{"x":"</div><script>'\"` & =ü"}""", Plain);
        Assert.StartsWith(Opening + "&lt;/div&gt;&lt;script&gt;&#x27;&quot;&#x60; &amp; &#x3D;ü&#847;", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_URL_in_it_is_no_link_and_counts_for_no_position()
    {
        var compiled = Compile(Content("<body><a href='https://x.example/'>a</a></body>") with { Preheader = "see https://y.example/ <a href='https://z.example/'>" });
        Assert.Equal((1, "https://x.example/"), ((int)Assert.Single(compiled.Links).Position, compiled.Links[0].Url));
    }

    [Fact]
    public void An_error_names_its_field() =>
        Assert.Equal(("content.preheader", 1), (Assert.Single(Errors(Content("<p>") with { Preheader = "{{#if x}}" })).Field, Errors(Content("<p>") with { Preheader = "{{#if x}}" })[0].Line));

    [Fact]
    public void Without_html_it_is_nowhere()
    {
        var mail = Deliver(Content(text: "t\n") with { Preheader = "p" }, options: Plain);
        Assert.Equal("t\n", mail.Text);
    }
}
