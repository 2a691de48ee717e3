using Delivery.Mta.Dkim;
using Delivery.Mta.Look;
using Delivery.Mta.Look.Rules;
using Delivery.Mta.Messages;
using Delivery.Mta.Tests.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Delivery.Mta.Tests.Look;

/// <summary>Each rule finds what it is for, and says nothing of what is as it should be.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("{{name}}", "{}", "name")]
    [InlineData("{{name}}", """{"name":null}""", "name")]
    [InlineData("{{upper a.b}}", """{"a":{}}""", "a.b")]
    [InlineData("{{#each list}}{{title}}{{/each}}", """{"list":[{"title":"x"},{}]}""", "title")]
    [InlineData("{{#each list}}x{{/each}}", "{}", "list")]
    [InlineData("{{#with shop}}{{city}}{{/with}}", "{}", "shop")]
    [InlineData("{{date when \"yyyy\"}}", "{}", "when")]
    [InlineData("{{#if a}}{{b}}{{/if}}", """{"a":1}""", "b")]
    [InlineData("<a href=\"https://x.example/{{id}}\">x</a>", "{}", "id")]
    public void A_field_that_the_data_lacks_is_named(string html, string data, string path)
    {
        var finding = Assert.Single(Looking.Find(new MissingFieldRule(), Looking.Html(html), data));

        Assert.Equal(("field_missing", Severity.Warning, "content.html"), (finding.Code, finding.Severity, finding.Field));
        Assert.Contains($"'{path}'", finding.Message, StringComparison.Ordinal);
        Assert.Equal(1, finding.Line);
    }

    [Theory]
    [InlineData("{{#if name}}{{name}}{{/if}}", "{}")]
    [InlineData("{{default name \"you\"}}", "{}")]
    [InlineData("{{upper (default name \"you\")}}", "{}")]
    [InlineData("{{#unless vip}}x{{/unless}}{{#if (eq tier \"gold\")}}x{{/if}}", "{}")]
    [InlineData("{{#each list}}x{{else}}none{{/each}}", "{}")]
    [InlineData("{{#each list}}x{{/each}}", """{"list":[]}""")]
    [InlineData("{{name}} {{address.email}} {{unsubscribe_url}} {{recipient_id}}", """{"name":"N"}""")]
    [InlineData("{{#each list}}{{@index}}{{@first}}{{.}}{{/each}}", """{"list":[1,0,false]}""")]
    public void A_field_that_is_there_or_asked_about_first_is_not_named(string html, string data) =>
        Assert.Empty(Looking.Find(new MissingFieldRule(), Looking.Html(html), data));

    [Fact]
    public void The_place_of_a_missing_field_is_told()
    {
        var finding = Assert.Single(Looking.Find(new MissingFieldRule(), Looking.Html("<p>\nHello\n  {{first_name}}</p>")));

        Assert.Equal((3, 3), (finding.Line, finding.Column));
    }

    [Fact]
    public void A_field_in_the_subject_and_in_the_text_is_named_for_each()
    {
        var findings = Looking.Find(new MissingFieldRule(), Composing.Content("<p>x</p>", "{{name}}", "{{name}}"));

        Assert.Equal(["content.subject", "content.text"], findings.Select(finding => finding.Field).Order());
    }

    [Fact]
    public void An_empty_text_is_worth_a_word_only()
    {
        var finding = Assert.Single(Looking.Find(new MissingFieldRule(), Looking.Html("{{name}}"), """{"name":""}"""));

        Assert.Equal(("field_empty", Severity.Info), (finding.Code, finding.Severity));
    }

    [Theory]
    [InlineData("www.example.com", "link_without_scheme")]
    [InlineData("example.com/x", "link_without_scheme")]
    [InlineData("example.com:8080/x", "link_without_scheme")]
    [InlineData("//example.com/x", "link_without_scheme")]
    [InlineData("/relative", "link_without_scheme")]
    [InlineData("", "link_empty")]
    [InlineData("  ", "link_empty")]
    [InlineData("{{gone}}", "link_empty")]
    [InlineData("#", "link_empty")]
    [InlineData("javascript:alert(1)", "link_script")]
    [InlineData("{{script}}", "link_script")]
    [InlineData("http://localhost/x", "link_local")]
    [InlineData("https://127.0.0.1:5000/", "link_local")]
    [InlineData("https://192.168.1.4/", "link_local")]
    [InlineData("http://intranet/x", "link_invalid")]
    [InlineData("http:///x", "link_invalid")]
    [InlineData("http://shop.example/", "link_not_https")]
    public void A_link_that_leads_nowhere_is_found(string href, string code) =>
        Assert.Contains(code, Looking.Codes(new LinkRule(), Looking.Html($"<a href=\"{href}\">x</a>"), """{"script":"JavaScript:alert(1)"}"""));

    [Theory]
    [InlineData("https://shop.example/a?b=c&amp;d=1")]
    [InlineData("https://shop.example/{{id}}")]
    [InlineData("{{url}}")]
    [InlineData("{{unsubscribe_url}}")]
    [InlineData("mailto:care@shop.example")]
    [InlineData("tel:+123")]
    [InlineData("sms:+123")]
    [InlineData("#top")]
    public void A_link_that_leads_somewhere_is_not(string href)
    {
        var content = Looking.Html($"<a href=\"{href}\">x</a>");
        var compiled = Composing.Compile(content, Composing.Options with { TrackerBaseUrl = new Uri("https://track.example") });
        var mail = new LookComposer(Composing.Tokens).Compose(new LookContent(content, compiled), Composing.Input("""{"id":7,"url":"https://shop.example/x"}"""), true, out _);
        var findings = new Findings(stored: false);

        new LinkRule().Look(mail!, findings);

        Assert.Empty(findings.ToList());
    }

    [Theory]
    [InlineData("<img src=\"https://x.example/a.png\">", "image_without_alt")]
    [InlineData("<img src=\"http://x.example/a.png\" alt=\"\">", "image_not_https")]
    [InlineData("<img src=\"a.png\" alt=\"a\">", "image_without_scheme")]
    [InlineData("<img alt=\"a\">", "image_without_source")]
    [InlineData("<img src=\"data:image/png;base64,AA\" alt=\"a\">", "image_data")]
    [InlineData("<img src=\"cid:logo\" alt=\"a\">", "image_not_inline")]
    public void An_image_that_is_not_seen_is_found(string html, string code) =>
        Assert.Equal([code], Looking.Codes(new ImageRule(), Looking.Html(html)));

    [Fact]
    public void An_image_as_it_should_be_is_not() =>
        Assert.Empty(Looking.Codes(new ImageRule(), Looking.Html("<img src=\"https://x.example/a.png\" alt=\"\"><img alt='logo' src='https://x.example/{{n}}.png'>")));

    [Theory]
    [InlineData("<p>Hi \\{{name}}</p>", "{}", true)]
    [InlineData("<p>Hi {{name}}</p>", """{"name":"{{first}}"}""", true)]
    [InlineData("<p>Hi [FIRST_NAME]</p>", "{}", true)]
    [InlineData("<p>Hi [NAME]</p>", "{}", true)]
    [InlineData("<p>Hi %%name%%</p>", "{}", true)]
    [InlineData("<p>Hi *|FNAME|*</p>", "{}", true)]
    [InlineData("<p>Hi ${user.name}</p>", "{}", true)]
    [InlineData("<a href=\"https://x.example/?u=*|EMAIL|*\">x</a>", "{}", true)]
    [InlineData("<style>@media x { a { b: c }}</style><!--[if mso]>[NAME]<![endif]--><p>100%% [SALE] {x} $5</p>", "{}", false)]
    public void A_merge_field_that_nothing_filled_in_is_found(string html, string data, bool found) =>
        Assert.Equal(found, Looking.Codes(new PlaceholderRule(), Looking.Html(html), data).Contains("placeholder_left"));

    [Theory]
    [InlineData("Hello undefined", true)]
    [InlineData("null, welcome", true)]
    [InlineData("You save NaN%", true)]
    [InlineData("For [object Object]", true)]
    [InlineData("Nullification and the undefinedness of nulls", false)]
    [InlineData("Hello Nan", false)]
    public void A_word_that_stands_for_no_data_is_found(string subject, bool found) =>
        Assert.Equal(found, Looking.Codes(new NoDataWordRule(), Looking.Html("x", subject)).Length == 1);

    [Theory]
    [InlineData("{{s}}", 0, "subject_empty")]
    [InlineData("{{s}}", 78, null)]
    [InlineData("{{s}}", 79, "subject_long")]
    [InlineData("{{s}}", 150, "subject_long")]
    [InlineData("{{s}}", 151, "subject_too_long")]
    public void A_subject_has_its_length(string subject, int length, string? code)
    {
        var words = string.Concat(Enumerable.Repeat("word ", 40))[..length];
        words = words.EndsWith(' ') ? words[..^1] + "x" : words;

        Assert.Equal(code is null ? [] : [code], Looking.Codes(new SubjectRule(), Looking.Html("x", subject), $$"""{"s":"{{words}}"}"""));
    }

    [Fact]
    public void A_long_subject_of_other_letters_is_measured_in_characters() =>
        Assert.Empty(Looking.Codes(new SubjectRule(), Looking.Html("x", string.Concat(Enumerable.Repeat("שלום ", 15)).Trim())));

    [Fact]
    public void Html_that_gmail_cuts_is_found_with_its_tracked_links()
    {
        var filler = new string('x', SizeRule.ClippedBytes - 1_000);
        var links = string.Concat(Enumerable.Range(0, 10).Select(n => $"<a href=\"https://x.example/{n}\">x</a>"));

        Assert.Empty(Looking.Codes(new SizeRule(), Looking.Html(filler)));
        Assert.Equal(["html_clipped"], Looking.Codes(new SizeRule(), Looking.Html(filler + links)));
        Assert.Equal(["html_clipped"], Looking.Codes(new SizeRule(), Looking.Html(filler + new string('y', 1_001))));
    }

    [Fact]
    public void A_message_that_servers_refuse_is_found()
    {
        var content = Composing.Content("<p>{{{a}}}</p>", "{{a}}");
        var data = $$"""{"a":"{{string.Concat(Enumerable.Repeat("ש", 1_000_000))}}"}""";

        Assert.Contains("message_large", Looking.Codes(new SizeRule(), content, data));
    }

    [Fact]
    public void A_text_that_is_made_from_the_html_is_told_and_one_without_words_is_found()
    {
        Assert.Equal(["text_derived"], Looking.Codes(new TextRule(), Looking.Html("<p>words</p>")));
        Assert.Equal(["text_empty", "text_derived"], Looking.Codes(new TextRule(), Looking.Html("<img src=\"https://x.example/a.png\">")));
        Assert.Empty(Looking.Codes(new TextRule(), Composing.Content("<p>words</p>", "words")));
    }

    [Theory]
    [InlineData("<body><div style=\"display: none; max-height:0\">Soon</div><p>Hello</p></body>", false)]
    [InlineData("<head><title>T</title><style>p{}</style></head><body><span hidden>Soon</span>Hello</body>", false)]
    [InlineData("<body><p>Hello</p><div style=\"display:none\">late</div></body>", true)]
    [InlineData("<p>Hello</p>", true)]
    public void Html_without_a_preheader_is_told(string html, bool found) =>
        Assert.Equal(found, Looking.Codes(new PreheaderRule(), Looking.Html(html)).Length == 1);

    [Fact]
    public void A_mail_that_nobody_can_unsubscribe_from_is_found()
    {
        Assert.Equal(["unsubscribe_missing"], Looking.Codes(new UnsubscribeRule(), Looking.Html("<p>x</p>")));
        Assert.Equal(["unsubscribe_missing"], Looking.Codes(new UnsubscribeRule(), Composing.Content(text: "x")));
        Assert.Empty(Looking.Codes(new UnsubscribeRule(), Looking.Html("<a href=\"{{unsubscribe_url}}\">x</a>")));
        Assert.Empty(Looking.Codes(new UnsubscribeRule(), Composing.Content(text: "{{unsubscribe_url}}")));
    }

    [Fact]
    public void A_sender_without_a_key_is_named()
    {
        var finding = Assert.Single(Looking.Find(new SenderRule(new DkimKeys("/nowhere", NullLogger<DkimKeys>.Instance)), Looking.Html("x")));

        Assert.Equal("mail from example.com is not signed: no DKIM key", finding.Message);
        Assert.Equal(SenderRule.Code, finding.Code);
    }

    [Fact]
    public void An_address_that_comes_again_is_found()
    {
        var rule = new DuplicateRule();
        var findings = new Findings(stored: true);
        var mail = Looking.Mail(Looking.Html("x"));

        rule.Look(mail, findings);
        Assert.Empty(findings.ToList());
        findings.Recipient = 1;
        rule.Look(mail, findings);

        Assert.Equal(1u, Assert.Single(findings.ToList()).Example.Ordinal);
    }

    [Fact]
    public void Without_recipients_nothing_is_said_about_data()
    {
        var content = Looking.Html("<p>{{name}} <a href=\"{{link}}\">x</a><img alt='' src='{{image}}'></p>", "{{subject}}");
        Rule[] rules = [new MissingFieldRule(), new SubjectRule(), new LinkRule(), new ImageRule(), new TextRule(), new DuplicateRule()];

        Assert.Equal(["text_derived"], rules.SelectMany(rule => Looking.Codes(rule, content, hasData: false)));
    }

    [Theory]
    [InlineData("shop@example.com", null, null)]
    [InlineData("shop@bücher.example", "info@bücher.example", null)]
    [InlineData("grüße@example.com", null, "content.from")]
    [InlineData("shop@example.com", "Antwort <grüße@example.com>", "content.reply_to")]
    public void A_sender_that_needs_SMTPUTF8_is_named(string from, string? replyTo, string? field)
    {
        var content = Composing.Content("<p>x</p>") with { From = new Mailbox(from, "Grüße"), ReplyTo = replyTo };

        var findings = Looking.Find(new SmtpUtf8Rule(), content);

        Assert.Equal(field is null ? [] : new[] { (SmtpUtf8Rule.Code, Severity.Warning, field) }, findings.Select(finding => (finding.Code, finding.Severity, finding.Field)));
    }
}
