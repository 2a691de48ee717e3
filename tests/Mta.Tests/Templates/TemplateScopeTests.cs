using System.Text;
using System.Text.Json;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Tests.Templates;

public sealed class TemplateScopeTests
{
    [Theory]
    [InlineData("{{a}}{{b}}{{c}}", "12")]
    [InlineData("{{nulled}}", "")]
    [InlineData("{{address.email}} {{address.name}} {{address.city}}", "ann@example.com Ann Haifa")]
    [InlineData("{{recipient_id}} {{unsubscribe_url}}", "crm-1 http://t/u/x")]
    [InlineData("{{metadata.plan}}{{metadata.region}}{{metadata.none}}", "goldeu")]
    [InlineData("{{#each metadata}}{{@key}}={{this}}{{#unless @last}},{{/unless}}{{/each}}", "plan=gold,region=eu")]
    [InlineData("{{#with metadata}}{{region}}{{/with}}{{#with address}}{{name}}{{/with}}", "euAnn")]
    [InlineData("{{#each l}}{{@root.address.name}}{{../recipient_id}}{{address.name}}{{/each}}", "Anncrm-1")]
    [InlineData("{{this}}{{metadata}}{{address}}", "")]
    [InlineData("{{email}}{{name}}", "own")]
    public void A_name_is_found_in_the_first_that_has_it(string source, string expected)
    {
        var scope = new TemplateScope
        {
            RecipientData = Json("""{"a":1,"nulled":null,"address":{"email":"other","city":"Haifa"},"recipient_id":"fake","unsubscribe_url":"fake","metadata":{"plan":"fake"},"l":[0],"name":"own"}"""),
            JobData = Json("""{"a":9,"b":2,"nulled":3}"""),
            RecipientMetadata = Json("""{"plan":"gold"}"""),
            JobMetadata = Json("""{"plan":"none","region":"eu"}"""),
        };
        scope.Email.Write("ann@example.com"u8);
        scope.Name.Write("Ann"u8);
        scope.RecipientId.Write("crm-1"u8);
        scope.UnsubscribeUrl.Write("http://t/u/x"u8);
        Assert.True(Template.TryCompile(source, TemplateMode.Text, out var template, out _));
        var state = new RenderState(new ByteBuffer(), scope);
        Assert.True(template.TryRender(state));
        Assert.Equal(expected, Encoding.UTF8.GetString(state.Output.Written));
    }

    [Fact]
    public void Without_any_data_everything_is_missing()
    {
        Assert.True(Template.TryCompile("{{a}}{{metadata.b}}{{address.email}}{{#each metadata}}x{{else}}-{{/each}}", TemplateMode.Text, out var template, out _));
        var state = new RenderState(new ByteBuffer(), new TemplateScope());
        Assert.True(template.TryRender(state));
        Assert.Equal("-"u8.ToArray(), state.Output.Written.ToArray());
    }

    [Fact]
    public void Strings_of_json_are_written_as_json_reads_them()
    {
        var random = new Random(5);
        string[] pieces = ["a", "\\n", "\\\"", "\\\\", "\\/", "\\u05d0", "\\ud83d\\ude00", "\\b\\f\\r\\t", "é", "😀", "\\u0000", "\\u00e9"];
        for (var round = 0; round < 2_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => pieces[random.Next(pieces.Length)]));
            var json = "{\"x\":\"" + text + "\"}";
            Assert.Equal(Json(json).GetProperty("x").GetString(), Rendering.Text("{{x}}", json));
        }
        Assert.Equal("a\uFFFDb\uFFFD", Rendering.Text("{{x}}", """{"x":"a\ud800b\udc00"}"""));
    }

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;
}
