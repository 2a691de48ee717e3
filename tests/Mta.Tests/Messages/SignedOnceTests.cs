using System.Text;
using System.Text.Json;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

public sealed class SignedOnceTests
{
    [Fact]
    public void Both_parts_lead_to_the_same_destinations_whatever_is_left_out()
    {
        string[] pieces =
        [
            "<a href='https://x.example/{0}'>t{0}</a>", "<a href='https://x.example/{0}?a={{a}}'>t{0}</a>", "<a href='{{u}}'>t</a>", "{{#if b}}<a href='https://x.example/b{0}'>t</a>{{/if}}",
            "<div hidden><a href='https://x.example/h{0}'>t</a></div>", "{{#each l}}<a href='https://x.example/{{this}}'>t</a>{{/each}}", "<a data-track='false' href='https://x.example/o'>t</a>",
            "<a href='https://x.example/i{0}'><img src='a.png' alt=''></a>", "{{#each l}}{{#if this}}<a href='https://x.example/c{0}'>t</a>{{/if}}{{/each}}",
        ];
        var random = new Random(9);
        for (var round = 0; round < 200; round++)
        {
            var html = new StringBuilder();
            for (var i = 0; i < 20; i++)
                html.Append(pieces[random.Next(pieces.Length)].Replace("{0}", $"{i}", StringComparison.Ordinal)).Append("<br>");
            var compiled = Compile(Content(html.ToString()));
            var data = JsonSerializer.Serialize(new { a = random.Next(3), u = "https://u.example/" + random.Next(3), b = random.Next(2), l = Enumerable.Range(0, random.Next(4)) });
            var mail = ReceivedMail.Parse(Compose(compiled, Input(data)));
            var inHtml = Clicks(mail.Html);
            var inText = Clicks(mail.Text);
            Assert.Equal(Expected(html.ToString(), data), inHtml.Select(click => click.Url));
            Assert.Equal(inHtml.Where(click => !click.Url.Contains("/h", StringComparison.Ordinal)), inText);
        }
    }

    private static IEnumerable<string> Expected(string html, string data)
    {
        var plain = Deliver(Content(html, "t"), data, Plain).Html;
        return plain.Split("<a ").Skip(1).Where(tag => !tag.StartsWith("data-track", StringComparison.Ordinal)).Select(tag => tag.Split('\'')[1]);
    }
}
