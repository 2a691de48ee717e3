using System.Text;
using System.Text.Json;
using HandlebarsDotNet;

namespace Delivery.Mta.Tests.Templates;

/// <summary>
/// What both engines know is rendered the same by Handlebars.Net, over generated templates and data. Left out is
/// where Handlebars.Net itself departs from handlebars.js: lines that a block has for itself, and '../' outside of
/// a loop's body.
/// </summary>
public sealed class HandlebarsOracleTests
{
    private const int Rounds = 150;
    private static readonly string[] Names = ["a", "b", "c", "list", "obj", "none"];
    private static readonly string[] Texts = ["x", " ", "<b>", "שלום", "  y ", "&", "0"];

    [Fact]
    public void Generated_templates_render_as_handlebars_renders_them()
    {
        var handlebars = Handlebars.Create(new HandlebarsConfiguration { TextEncoder = new HtmlEncoder(), NoEscape = false });
        var random = new Random(1122);
        for (var round = 0; round < Rounds; round++)
        {
            var source = Body(random, 3, inLoop: false);
            var data = Data(random, 2);
            var expected = handlebars.Compile(source)(data);
            var actual = Rendering.Render(source, JsonSerializer.Serialize(data));
            Assert.True(expected == actual, $"round {round}\n--- template\n{source}\n--- data\n{JsonSerializer.Serialize(data)}\n--- handlebars\n{expected}\n--- ours\n{actual}");
        }
    }

    private static string Body(Random random, int depth, bool inLoop)
    {
        var body = new StringBuilder();
        for (var n = random.Next(1, 5); n > 0; n--)
            body.Append(Piece(random, depth, inLoop));
        return body.ToString();
    }

    private static string Piece(Random random, int depth, bool inLoop)
    {
        switch (random.Next(depth > 0 ? 9 : 4))
        {
            case 0 or 1:
                return Texts[random.Next(Texts.Length)];
            case 2:
                return "{{" + Scalar(random, inLoop) + "}}";
            case 3:
                return "{{{" + Scalar(random, inLoop) + "}}}";
            case 4:
                return "{{#if " + Path(random) + "}}" + Body(random, depth - 1, inLoop) + "{{else}}" + Body(random, depth - 1, inLoop) + "{{/if}}";
            case 5:
                return "{{#unless " + Path(random) + "}}" + Body(random, depth - 1, inLoop) + "{{/unless}}";
            case 6:
                return "{{#if " + Path(random) + "}}" + Body(random, depth - 1, inLoop) + "{{else if " + Path(random) + "}}" + Body(random, depth - 1, inLoop) + "{{/if}}";
            case 7:
                return "{{#each list}}" + Body(random, depth - 1, true) + "{{else}}" + Body(random, depth - 1, false) + "{{/each}}";
            default:
                return "{{#with obj}}" + Body(random, depth - 1, false) + "{{/with}}";
        }
    }

    private static string Path(Random random) => Names[random.Next(Names.Length)];

    private static string Scalar(Random random, bool inLoop) => random.Next(7) switch
    {
        0 when inLoop => "@index",
        1 when inLoop => "../a",
        2 => "obj.b",
        3 => "@root.c",
        4 => "none.a",
        5 => "this.a",
        _ => "abc"[random.Next(3)].ToString(),
    };

    private static Dictionary<string, object> Data(Random random, int depth)
    {
        var data = new Dictionary<string, object>();
        foreach (var name in new[] { "a", "b", "c" })
        {
            if (random.Next(5) > 0)
                data[name] = random.Next(3) == 0 ? random.Next(3) : new[] { "", "text", "<i> & \"q\" '=`", "é😀" }[random.Next(4)];
        }
        if (depth > 0)
        {
            data["list"] = Enumerable.Range(0, random.Next(3)).Select(_ => Data(random, depth - 1)).ToArray();
            data["obj"] = Data(random, depth - 1);
            if (((Dictionary<string, object>)data["obj"]).Count == 0)
                data["obj"] = new Dictionary<string, object> { ["a"] = "full" };
        }
        return data;
    }
}
