using System.Diagnostics;
using System.Text.Json;
using Delivery.Mta.Messages;
using Delivery.Mta.Templates;
using Delivery.Mta.Tests.Messages;
using static Delivery.Mta.Tests.Templates.Rendering;

namespace Delivery.Mta.Tests.Templates;

/// <summary>Templates and data that are made to bring the process down, on a small stack.</summary>
public sealed class HostileTemplateTests
{
    private static readonly TimeSpan Bearable = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("{{#if a}}", "{{/if}}")]
    [InlineData("{{#each a}}", "{{/each}}")]
    [InlineData("{{#with a}}", "{{else}}{{/with}}")]
    [InlineData("<a href='http://x.example/{{#if a}}", "{{/if}}'>")]
    public void Ten_thousand_blocks_are_refused_in_words(string open, string close) => SmallStack.Run(() =>
    {
        var source = Repeat(open, 10_000) + Repeat(close, 10_000);
        foreach (var content in new[] { Composing.Content(source), Composing.Content(text: source), Composing.Content(text: "t", subject: source) })
        {
            var error = Assert.Single(Composing.Errors(content));
            Assert.Contains("deeper than 64", error.Message, StringComparison.Ordinal);
            Assert.True(error is { Line: 1, Column: > 1 });
        }
    });

    [Fact]
    public void Ten_thousand_sub_expressions_are_refused_in_words() => SmallStack.Run(() =>
        Assert.Contains("deeper than 64", Assert.Single(Composing.Errors(Composing.Content(text: "{{not " + Repeat("(not ", 10_000) + "a" + Repeat(")", 10_000) + "}}"))).Message, StringComparison.Ordinal));

    [Fact]
    public void All_that_is_allowed_at_once_fits_a_small_stack() => SmallStack.Run(() =>
    {
        var call = "{{not " + Repeat("(not ", 64) + "@root.b" + Repeat(")", 64) + "}}";
        var source = Repeat("{{#each this}}", 62) + "<a href='https://x.example/" + call + "{{#if @root.b}}y{{/if}}'>" + call + "</a>" + Repeat("{{/each}}", 62);
        var data = "{\"b\":1,\"a\":" + Repeat("[", 61) + "1" + Repeat("]", 61) + "}";
        var mail = Composing.Deliver(Composing.Content("{{#with a}}" + source + "{{/with}}" + call), data, Composing.Plain);
        Assert.EndsWith("false", mail.Html.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("https://x.example/falsey", Assert.Single(Composing.Clicks(Composing.Deliver(
            Composing.Content(Repeat("{{#if b}}", 63) + "<a href='https://x.example/" + call + "{{#if @root.b}}y{{/if}}'>x</a>" + Repeat("{{/if}}", 63), "t"), data).Html)).Url);
    });

    [Fact]
    public void Data_of_any_depth_that_a_job_may_have_is_read() => SmallStack.Run(() =>
    {
        var json = Repeat("{\"a\":", 63) + "\"deep\"" + Repeat("}", 63);
        Assert.Equal("deep", Text("{{" + string.Join('.', Enumerable.Repeat("a", 63)) + "}}", json));
        Assert.Equal("", Text("{{" + string.Join('.', Enumerable.Repeat("a", 64)) + "}}", json));
        Assert.Equal("", Text("{{a}}", json));
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(Repeat("{\"a\":", 65) + "1" + Repeat("}", 65)));
    });

    [Theory]
    [InlineData("url", "%")]
    [InlineData("upper", "\u0250")]
    public void A_helper_that_makes_text_longer_cannot_fill_memory(string helper, string text) => SmallStack.Run(() =>
    {
        var json = JsonSerializer.Serialize(new { v = Repeat(text, 200_000 / text.Length) });
        var source = "{{" + helper + " " + Repeat($"({helper} ", 60) + "v" + Repeat(")", 60) + "}}";
        var before = GC.GetAllocatedBytesForCurrentThread();
        var state = TryRender(source, json, TemplateMode.Text, out var done);
        Assert.True(done || state.Failure == RenderFailure.TooManySteps);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256L << 20);
    });

    [Theory]
    [InlineData("{{#each l}}x{{/each}}")]
    [InlineData("{{l}}")]
    [InlineData("{{join l}}")]
    [InlineData("{{#if (contains l 2)}}{{/if}}")]
    [InlineData("{{#with l}}{{#each this}}{{this}}{{/each}}{{/with}}")]
    public void A_list_of_a_million_ends_at_the_limit(string source) => SmallStack.Run(() =>
    {
        var json = "{\"l\":[1" + Repeat(",1", 1_000_000) + "]}";
        var clock = Stopwatch.StartNew();
        var state = TryRender(source, json, TemplateMode.Text, out var done);
        Assert.False(done);
        Assert.Equal(RenderFailure.TooManySteps, state.Failure);
        Assert.True(clock.Elapsed < Bearable, $"took {clock.Elapsed}");
    });

    [Fact]
    public void A_path_as_long_as_the_source_costs_no_more_than_the_data_is_deep() => SmallStack.Run(() =>
    {
        var json = "{\"l\":[1" + Repeat(",1", 100_000) + "]}";
        var clock = Stopwatch.StartNew();
        Assert.Equal("", Text("{{#each l}}{{x" + Repeat(".x", 500_000) + "}}{{/each}}", json));
        Assert.True(clock.Elapsed < Bearable, $"took {clock.Elapsed}");
    });

    [Fact]
    public void Thousands_of_calls_in_one_expression_end_at_the_limit() => SmallStack.Run(() =>
    {
        // A part that begins and ends like every place of the text, and differs in its middle.
        var half = new string('a', 30_000);
        var json = JsonSerializer.Serialize(new { t = new string('a', 120_000), p = half + "b" + half });
        var call = "(contains t p)";
        for (var level = 0; level < 4; level++)
            call = "(or " + string.Join(' ', Enumerable.Repeat(call, 8)) + ")";
        var clock = Stopwatch.StartNew();
        var state = TryRender("{{not " + call + "}}", json, TemplateMode.Text, out var done);
        Assert.False(done);
        Assert.Equal(RenderFailure.TooManySteps, state.Failure);
        Assert.True(clock.Elapsed < Bearable, $"took {clock.Elapsed}");
    });

    [Fact]
    public void What_one_recipient_brings_does_not_hurt_the_next()
    {
        var compiled = Composing.Compile(Composing.Content("<p>{{#each l}}{{#each @root.l}}x{{/each}}{{/each}}</p>"));
        var composer = new MessageComposer(Composing.Tokens);
        var hostile = Composing.Input("{\"l\":[1" + Repeat(",1", 5_000) + "]}");
        Assert.False(composer.TryCompose(compiled, hostile, new System.Buffers.ArrayBufferWriter<byte>(), out var failure));
        Assert.Equal(ComposeReason.TooManySteps, failure.Reason);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.True(composer.TryCompose(compiled, Composing.Input("""{"l":[1,2]}"""), output, out _));
        Assert.Equal("<p>xxxx</p>", ReceivedMail.Parse(output.WrittenSpan.ToArray()).Html.Split("<img")[0]);
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
