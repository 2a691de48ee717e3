using System.Text;
using System.Text.Json;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

public sealed class UntouchedBytesTests
{
    private static readonly string[] Pieces =
    [
        "<p class='x'>", "</p>", "text & more", "<a href=\"https://a.example/?q=1\">", "<a  HREF = 'http://b.example/'\n title=\">\">", "</a>",
        "<a href=https://c.example/d>", "<!-- <a href='https://no.example/'> -->", "<A data-x='1' href=\"https://d.example/{{v}}\">", "{{v}}", "{{{v}}}",
        "{{#if v}}", "{{else}}", "{{/if}}", "\n", "  ", "<", ">", "\"", "'", "<br/>", "<script>if (a<b) '<a href=\"https://no.example/\">'</script>",
        "<area href='https://e.example/'>", "<a href='mailto:x@y.example'>", "{{! c }}", "\\{{x}}", "<td{{#if v}} class=\"{{v}}\"{{/if}}>", "שלום",
    ];

    [Fact]
    public void Bytes_outside_of_urls_are_those_without_tracking()
    {
        var random = new Random(22);
        var tracked = 0;
        for (var round = 0; round < 1_000; round++)
        {
            var html = Some(random);
            var data = JsonSerializer.Serialize(new { v = random.Next(2) == 0 ? "" : "v1" });
            if (!Delivery.Mta.Messages.CompiledContent.TryCompile(Content(html), Plain, out _, out _))
                continue;
            var before = Deliver(Content(html), data, Plain).Html;
            var after = Deliver(Content(html), data, Options with { OpenTracking = false }).Html;
            tracked += Clicks(after).Count;
            Assert.True(before == Untrack(after), $"{html}\n---\n{before}\n---\n{Untrack(after)}");
        }
        Assert.True(tracked > 300, $"only {tracked} links were tracked");
    }

    private static string Some(Random random)
    {
        var html = new StringBuilder();
        var open = 0;
        for (var n = random.Next(1, 16); n > 0; n--)
        {
            var piece = Pieces[random.Next(Pieces.Length)];
            open += piece == "{{#if v}}" ? 1 : piece == "{{/if}}" ? -1 : 0;
            html.Append(piece);
        }
        for (; open > 0; open--)
            html.Append("{{/if}}");
        return html.ToString();
    }
}
