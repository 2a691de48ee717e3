using Delivery.Mta.Templates;
using static Delivery.Mta.Tests.Templates.Rendering;

namespace Delivery.Mta.Tests.Templates;

public sealed class RenderLimitTests
{
    [Fact]
    public void A_render_ends_at_four_mebibytes()
    {
        var json = $$"""{"l":[{{string.Join(',', Enumerable.Repeat("1", 5_000))}}],"big":"{{new string('x', 1000)}}"}""";
        var state = TryRender("{{#each l}}{{@root.big}}{{/each}}", json, TemplateMode.Text, out var done);
        Assert.False(done);
        Assert.Equal(RenderFailure.OutputTooLarge, state.Failure);
        Assert.InRange(state.Output.Length, TemplateLimits.MaxOutputBytes, TemplateLimits.MaxOutputBytes + 2_000);
    }

    [Theory]
    [InlineData("{{#each l}}{{#each @root.l}}{{#each @root.l}}{{/each}}{{/each}}{{/each}}")]
    [InlineData("{{#each l}}{{#each @root.l}}{{#if (contains @root.l 5)}}{{/if}}{{/each}}{{/each}}")]
    [InlineData("{{#each l}}{{#each @root.l}}{{#if (eq (join @root.l) \"x\")}}{{/if}}{{/each}}{{/each}}")]
    public void Nested_loops_end_at_a_million_steps(string source)
    {
        var json = $$"""{"l":[{{string.Join(',', Enumerable.Repeat("1", 1_000))}}]}""";
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var state = TryRender(source, json, TemplateMode.Text, out var done);
        Assert.False(done);
        Assert.Equal(RenderFailure.TooManySteps, state.Failure);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"took {clock.Elapsed}");
    }

    [Fact]
    public void Half_a_million_steps_are_fine()
    {
        var json = $$"""{"l":[{{string.Join(',', Enumerable.Repeat("1", 200_000))}}]}""";
        Assert.Equal(200_000, Text("{{#each l}}x{{/each}}", json).Length);
    }

    [Fact]
    public void A_render_that_failed_does_not_hurt_the_next()
    {
        var json = $$"""{"l":[{{string.Join(',', Enumerable.Repeat("1", 2_000))}}]}""";
        using var document = System.Text.Json.JsonDocument.Parse(json);
        var state = new RenderState(new ByteBuffer(), new TemplateScope { RecipientData = document.RootElement });
        Assert.True(Template.TryCompile("{{#each l}}{{#each @root.l}}{{/each}}{{/each}}", TemplateMode.Text, out var hungry, out _));
        Assert.True(Template.TryCompile("{{l.length}}", TemplateMode.Text, out var modest, out _));
        Assert.False(hungry.TryRender(state));
        state.Output.Clear();
        Assert.True(modest.TryRender(state));
        Assert.Equal("2000"u8.ToArray(), state.Output.Written.ToArray());
        Assert.Equal(RenderFailure.None, state.Failure);
    }
}
