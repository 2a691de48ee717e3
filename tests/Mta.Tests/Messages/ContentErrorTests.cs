using Delivery.Mta.Messages;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

public sealed class ContentErrorTests
{
    [Theory]
    [InlineData("From")]
    [InlineData("to")]
    [InlineData("Bcc")]
    [InlineData("cc")]
    [InlineData("Content-Type")]
    [InlineData("DKIM-Signature")]
    [InlineData("Received")]
    [InlineData("Return-Path")]
    [InlineData("message-id")]
    [InlineData("Date")]
    [InlineData("MIME-Version")]
    [InlineData("List-Unsubscribe")]
    [InlineData("List-Unsubscribe-Post")]
    public void A_reserved_header_is_refused(string name)
    {
        var error = Assert.Single(Errors(Content(text: "t") with { Headers = new Dictionary<string, string> { [name] = "x" } }));
        Assert.Equal("content.headers." + name, error.Field);
        Assert.Contains("set by the sender itself", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("X A")]
    [InlineData("X:A")]
    [InlineData("X\r\nBcc")]
    [InlineData("X-é")]
    public void A_header_name_that_is_none_is_refused(string name) =>
        Assert.Equal("content.headers." + name, Assert.Single(Errors(Content(text: "t") with { Headers = new Dictionary<string, string> { [name] = "x" } })).Field);

    [Fact]
    public void Every_field_reports_its_first_error()
    {
        var errors = Errors(new MessageContent
        {
            From = new Mailbox("nobody", "{{"),
            ReturnPath = "a b@c",
            ReplyTo = "{{/if}}",
            Subject = "x\n{{#if a}}",
            Html = "<p>{{shout x}}</p>",
            Text = "{{",
            Headers = new Dictionary<string, string> { ["X-A"] = "{{}}" },
        });
        Assert.Equal(["content.from.email", "return_path", "content.subject", "content.from.name", "content.reply_to", "content.headers.X-A", "content.html", "content.text"],
            errors.Select(error => error.Field));
        Assert.Equal((2, 1), (errors[2].Line, errors[2].Column));
    }

    [Fact]
    public void Something_must_be_said() =>
        Assert.Equal("content", Assert.Single(Errors(Content())).Field);

    [Fact]
    public void The_cache_keeps_the_last_used_and_no_errors()
    {
        var cache = new CompiledContentCache(2);
        CompiledContent Get(string text)
        {
            Assert.True(cache.TryGet(Content(text: text), Options, out var compiled, out _));
            return compiled;
        }
        var a = Get("a");
        var b = Get("b");
        Assert.Same(a, Get("a"));
        Get("c");
        Assert.Same(a, Get("a"));
        Assert.NotSame(b, Get("b"));
        Assert.False(cache.TryGet(Content(text: "{{"), Options, out _, out var errors));
        Assert.Equal("content.text", Assert.Single(errors).Field);
        Assert.Equal(2, cache.Count);
        Assert.True(cache.TryGet(Content(text: "b"), Plain, out var untracked, out _));
        Assert.NotSame(Get("b"), untracked);
    }
}
