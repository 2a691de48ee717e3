using System.Diagnostics;
using Delivery.Mta.Messages;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

/// <summary>The largest sources allowed, made of what a quadratic reader would choke on.</summary>
public sealed class HostileSourceTests
{
    [Theory]
    [InlineData("{{#if x}}</body>{{/if}}")]
    [InlineData("{{#if x}}http://{{/if}}")]
    [InlineData("http://")]
    [InlineData("http://a)")]
    [InlineData("<a href='http://a")]
    [InlineData("<a href=\"{{#if x}}\">{{/if}}")]
    [InlineData("<a href=http://a>")]
    [InlineData("<!--")]
    [InlineData("<script>")]
    [InlineData("<a <a ")]
    [InlineData("<div hidden>")]
    [InlineData("</")]
    [InlineData("{{x}}")]
    [InlineData("\\{{")]
    [InlineData("&amp;")]
    public void It_is_compiled_in_seconds(string piece)
    {
        var source = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        var clock = Stopwatch.StartNew();
        CompiledContent.TryCompile(Content(source, source), Options, out _, out _);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
    }
}
