using System.Text;
using System.Text.RegularExpressions;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Messages;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

public sealed partial class LanguageTests
{
    [Theory]
    [InlineData("he", "<p>x</p>", "{}", MailLanguage.Hebrew)]
    [InlineData("en-GB", "<html lang=he><p>x</p></html>", "{}", MailLanguage.English)]
    [InlineData("{{lang}}", "<p>x</p>", """{"lang":"iw"}""", MailLanguage.Hebrew)]
    [InlineData("{{default lang \"en\"}}", "<p>x</p>", "{}", MailLanguage.English)]
    [InlineData("{{lang}}", "<html lang=he><p>x</p></html>", """{"lang":"<b>"}""", MailLanguage.Unknown)]
    [InlineData("fr", "<html lang=he><p>x</p></html>", "{}", MailLanguage.Unknown)]
    [InlineData(null, "<!doctype html><HTML dir=rtl LANG='he-IL'><p>x</p></html>", "{}", MailLanguage.Hebrew)]
    [InlineData(null, "<html lang=\"{{lang}}\"><p>x</p></html>", """{"lang":"en"}""", MailLanguage.English)]
    [InlineData(null, "<html lang=\"{{#if a}}he{{else}}en{{/if}}\"><p>x</p></html>", """{"a":1}""", MailLanguage.Hebrew)]
    [InlineData(null, "{{#if a}}<html lang=\"{{#if b}}he\">{{/if}}{{/if}}<p>x</p>", """{"a":1,"b":1}""", MailLanguage.Unknown)]
    [InlineData(null, "<p lang=he>x</p>", "{}", MailLanguage.Unknown)]
    public void The_unsubscribe_link_has_the_mail_s_language(string? language, string html, string data, MailLanguage expected)
    {
        var message = Encoding.ASCII.GetString(Compose(Compile(Content(html) with { Language = language }), Input(data)));
        Assert.True(Tokens.TryReadUnsubscribe(Token().Match(message.Replace("\r\n ", "", StringComparison.Ordinal)).Groups[1].ValueSpan, out var token));
        Assert.Equal((expected, 3u, Key), (token.Language, token.List, token.Key));
    }

    [Fact]
    public void A_message_after_one_of_another_language_has_its_own()
    {
        var compiled = Compile(Content("<p>{{lang}}</p>") with { Language = "{{lang}}" });
        foreach (var (tag, language) in new[] { ("he", MailLanguage.Hebrew), ("", MailLanguage.Unknown), ("en", MailLanguage.English) })
        {
            var message = Encoding.ASCII.GetString(Compose(compiled, Input($$"""{"lang":"{{tag}}"}""")));
            Assert.True(Tokens.TryReadUnsubscribe(Token().Match(message).Groups[1].ValueSpan, out var token));
            Assert.Equal(language, token.Language);
        }
    }

    [Theory]
    [InlineData("hebrew please")]
    [InlineData("{{#if}}")]
    [InlineData("x")]
    public void What_is_no_language_is_told(string language) =>
        Assert.Equal("content.language", Assert.Single(Errors(Content("<p>x</p>") with { Language = language })).Field);

    [Fact]
    public void Contents_of_two_languages_are_two()
    {
        var cache = new CompiledContentCache();
        Assert.True(cache.TryGet(Content("<p>x</p>") with { Language = "he" }, Options, out _, out _));
        Assert.True(cache.TryGet(Content("<p>x</p>") with { Language = "en" }, Options, out _, out _));
        Assert.Equal(2, cache.Count);
    }

    [GeneratedRegex("List-Unsubscribe: <[^>]*/u/([A-Za-z0-9_-]+)>")]
    private static partial Regex Token();
}
