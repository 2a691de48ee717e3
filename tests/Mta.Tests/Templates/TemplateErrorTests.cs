using System.Text;
using Delivery.Mta.Templates;
using static Delivery.Mta.Tests.Templates.Rendering;

namespace Delivery.Mta.Tests.Templates;

public sealed class TemplateErrorTests
{
    [Theory]
    [InlineData("\n\n{{#if a}}\nx", 3, 1, "'#if' opened at line 3 is never closed")]
    [InlineData("a\n {{/if}}", 2, 2, "'{{/if}}' closes a block that was never opened")]
    [InlineData("{{#if a}}\n{{/each}}", 2, 1, "'{{/each}}' stands where '#if' opened at line 1")]
    [InlineData("{{else}}", 1, 1, "in no block")]
    [InlineData("{{#if a}}{{else}}{{else}}{{/if}}", 1, 18, "already")]
    [InlineData("{{#each a}}{{else if b}}{{/each}}", 1, 12, "'else if' cannot stand in '#each'")]
    [InlineData("{{name", 1, 1, "never closed by '}}'")]
    [InlineData("x {{name {{b}}", 1, 3, "never closed by '}}'")]
    [InlineData("{{{name}}", 1, 1, "not closed by '}}}'")]
    [InlineData("{{}}", 1, 1, "empty")]
    [InlineData("{{! x", 1, 1, "comment is never closed")]
    [InlineData("{{!-- x }}", 1, 1, "closed by '--}}'")]
    [InlineData("{{eq \"a}}", 1, 6, "string that begins with \"")]
    [InlineData("{{a.[b}}", 1, 5, "'['")]
    [InlineData("{{shout name}}", 1, 3, "there is no helper 'shout'; the helpers are")]
    [InlineData("{{upper (shout name)}}", 1, 10, "there is no helper 'shout'")]
    [InlineData("{{#repeat 3}}{{/repeat}}", 1, 1, "there is no block 'repeat'")]
    [InlineData("{{#if}}{{/if}}", 1, 1, "'if' needs a value")]
    [InlineData("{{eq a}}", 1, 3, "'eq' takes 2 parameters, not 1")]
    [InlineData("{{upper a b}}", 1, 3, "'upper' takes 1 parameter, not 2")]
    [InlineData("{{#if (eq a b}}{{/if}}", 1, 14, "missing")]
    [InlineData("{{#if eq a b}}{{/if}}", 1, 1, "put the helper in parentheses: '(eq a b)'")]
    [InlineData("{{> header}}", 1, 1, "partials")]
    [InlineData("{{{{raw}}}}", 1, 1, "raw blocks")]
    [InlineData("{{#each a as |b|}}{{/each}}", 1, 14, "block parameters")]
    [InlineData("{{upper a=b}}", 1, 10, "named parameters")]
    [InlineData("{{@secret}}", 1, 3, "there is no '@secret'")]
    [InlineData("{{a..b}}", 1, 3, "no path")]
    [InlineData("{{date a \"%\"}}", 1, 10, "no date format")]
    [InlineData("{{date a \"yyyy\" \"../../etc/passwd\"}}", 1, 17, "no time zone")]
    [InlineData("{{date a b}}", 1, 3, "must be \"strings\"")]
    public void An_error_says_where_and_what(string source, int line, int column, string message)
    {
        var error = Error(source);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Fact]
    public void Blocks_nest_64_deep_and_no_deeper()
    {
        Assert.Equal("x", Render(Nested(64), """{"a":1}"""));
        Assert.Contains("deeper than 64", Error(Nested(65)).Message, StringComparison.Ordinal);
        Assert.Contains("deeper than 64", Error(Nested(10_000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sub_expressions_nest_64_deep_and_no_deeper()
    {
        Assert.Equal("false", Render("{{not " + Calls(64) + "}}", """{"a":1}"""));
        Assert.Contains("deeper than 64", Error("{{not " + Calls(65) + "}}").Message, StringComparison.Ordinal);
        Assert.Contains("deeper than 64", Error("{{not " + Calls(100_000) + "}}").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_else_ifs_are_no_nesting()
    {
        var source = "{{#if z}}" + string.Concat(Enumerable.Repeat("{{else if z}}", 10_000)) + "{{else}}x{{/if}}";
        Assert.Equal("x", Render(source));
    }

    [Fact]
    public void A_source_over_a_mebibyte_is_refused()
    {
        Assert.True(Template.TryCompile(new string('a', TemplateLimits.MaxSourceBytes), TemplateMode.Text, out _, out _));
        Assert.Contains("1048576 bytes", Error(new string('a', TemplateLimits.MaxSourceBytes + 1)).Message, StringComparison.Ordinal);
        Assert.Contains("1048576 bytes", Error(new string('א', TemplateLimits.MaxSourceBytes / 2 + 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_source_compiles_or_errs()
    {
        string[] pieces = ["{{", "}}", "{{{", "}}}", "~", "#if ", "/if", "else", "#each ", "/each", "a", ".", "/", "..", "[", "]", "(", ")", "\"", "'", "!", "--", "\\", "@", "index", "\n", " ", "eq ", "1", "<a href=\"", "https://x", "\">", "|", "&", "^", ">"];
        var random = new Random(20261122);
        var compiled = 0;
        for (var round = 0; round < 50_000; round++)
        {
            var source = new StringBuilder();
            for (var n = random.Next(1, 14); n > 0; n--)
                source.Append(pieces[random.Next(pieces.Length)]);
            if (Template.TryCompile(source.ToString(), TemplateMode.Html, out var template, out var error))
            {
                compiled++;
                Assert.True(template.TryRender(new RenderState(new ByteBuffer(), new TemplateScope())));
            }
            else
            {
                Assert.True(error.Line >= 1 && error.Column >= 1 && error.Message.Length > 0);
            }
        }
        Assert.InRange(compiled, 500, 49_500);
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{{#if a}}", depth)) + "x" + string.Concat(Enumerable.Repeat("{{/if}}", depth));

    private static string Calls(int depth) =>
        string.Concat(Enumerable.Repeat("(not ", depth)) + "a" + new string(')', depth);
}
