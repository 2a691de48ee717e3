using static Delivery.Mta.Tests.Templates.Rendering;

namespace Delivery.Mta.Tests.Templates;

public sealed class TemplateTests
{
    [Theory]
    [InlineData("Hi {{name}}!", """{"name":"Ann"}""", "Hi Ann!")]
    [InlineData("{{a.b.c}}", """{"a":{"b":{"c":"deep"}}}""", "deep")]
    [InlineData("{{items.0}}{{items.[1]}}{{items.2}}", """{"items":["x","y"]}""", "xy")]
    [InlineData("{{items.1.title}}", """{"items":[{},{"title":"T"}]}""", "T")]
    [InlineData("{{[first name]}} {{a.[b c]}}", """{"first name":"Ann","a":{"b c":"d"}}""", "Ann d")]
    [InlineData("{{this.name}}{{./name}}{{this/name}}", """{"name":"n"}""", "nnn")]
    [InlineData("{{missing}}{{missing.deeper}}{{null_one}}", """{"null_one":null}""", "")]
    [InlineData("{{n}} {{m}} {{t}} {{f}}", """{"n":3,"m":19.90,"t":true,"f":false}""", "3 19.90 true false")]
    [InlineData("{{n}}", """{"n":1.5e3}""", "1500")]
    [InlineData("{{list}} {{obj}}", """{"list":[1,"a",true],"obj":{"a":1}}""", "1,a,true ")]
    [InlineData("a{{! gone }}b{{!-- }} {{x}} --}}c", "{}", "abc")]
    [InlineData("""{{"text"}} {{'it'}} {{5}} {{-1.5}} {{true}} {{null}}""", "{}", "text it 5 -1.5 true ")]
    [InlineData("""{{n}}""", """{"n":"\u05e9\u05dc\u05d5\u05dd \ud83d\ude00 \"q\"\n"}""", "שלום 😀 &quot;q&quot;\n")]
    public void Values_are_written(string source, string json, string expected) => Assert.Equal(expected, Render(source, json));

    [Fact]
    public void Html_escapes_seven_characters_and_text_none()
    {
        const string json = """{"x":"<a href=\"b\">&'`</a>"}""";
        Assert.Equal("&lt;a href&#x3D;&quot;b&quot;&gt;&amp;&#x27;&#x60;&lt;/a&gt;", Render("{{x}}", json));
        Assert.Equal("<a href=\"b\">&'`</a>", Render("{{{x}}}", json));
        Assert.Equal("<a href=\"b\">&'`</a>", Render("{{&x}}", json));
        Assert.Equal("<a href=\"b\">&'`</a>", Text("{{x}}", json));
    }

    [Theory]
    [InlineData("{{#if a}}y{{else}}n{{/if}}", """{"a":1}""", "y")]
    [InlineData("{{#if a}}y{{else}}n{{/if}}", """{"a":0}""", "n")]
    [InlineData("{{#if a}}y{{else}}n{{/if}}", """{"a":""}""", "n")]
    [InlineData("{{#if a}}y{{else}}n{{/if}}", """{"a":[]}""", "n")]
    [InlineData("{{#if a}}y{{else}}n{{/if}}", """{"a":{}}""", "y")]
    [InlineData("{{#if a}}y{{else}}n{{/if}}", """{"a":"0"}""", "y")]
    [InlineData("{{#if a}}y{{else}}n{{/if}}", "{}", "n")]
    [InlineData("{{#unless a}}y{{else}}n{{/unless}}", "{}", "y")]
    [InlineData("{{^if a}}y{{/if}}", "{}", "y")]
    [InlineData("{{#if a}}1{{else if b}}2{{else unless c}}3{{else}}4{{/if}}", """{"b":1}""", "2")]
    [InlineData("{{#if a}}1{{else if b}}2{{else unless c}}3{{else}}4{{/if}}", "{}", "3")]
    [InlineData("{{#if a}}1{{else if b}}2{{else unless c}}3{{^}}4{{/if}}", """{"c":1}""", "4")]
    [InlineData("""{{#eq a "x"}}y{{else}}n{{/eq}}""", """{"a":"x"}""", "y")]
    [InlineData("{{#with a}}{{b}}{{../c}}{{else}}none{{/with}}", """{"a":{"b":1},"c":2}""", "12")]
    [InlineData("{{#with z}}{{b}}{{else}}none{{/with}}", "{}", "none")]
    [InlineData("{{#with a}}{{#if b}}{{../c}}{{/if}}{{/with}}", """{"a":{"b":1},"c":2}""", "2")]
    public void Blocks_choose(string source, string json, string expected) => Assert.Equal(expected, Render(source, json));

    [Theory]
    [InlineData("{{#each l}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}", """{"l":["a","b"]}""", "0a,1b")]
    [InlineData("{{#each l}}{{#if @first}}<{{/if}}{{.}}{{/each}}", """{"l":["a","b"]}""", "<ab")]
    [InlineData("{{#each o}}{{@key}}={{this}};{{/each}}", """{"o":{"a":1,"b\u0021":2}}""", "a=1;b!=2;")]
    [InlineData("{{#each l}}x{{else}}none{{/each}}", """{"l":[]}""", "none")]
    [InlineData("{{#each l}}x{{else}}none{{/each}}", """{"l":"text"}""", "none")]
    [InlineData("{{#each l}}{{name}}/{{../name}}/{{@root.name}} {{/each}}", """{"name":"r","l":[{"name":"a"},{}]}""", "a/r/r /r/r ")]
    [InlineData("{{#each l}}{{#each .}}{{@../index}}{{@index}} {{/each}}{{/each}}", """{"l":[["a","b"],["c"]]}""", "00 01 10 ")]
    [InlineData("{{#each l}}{{@key}}{{/each}}", """{"l":["a","b"]}""", "01")]
    [InlineData("{{l.length}}{{#if l.length}}!{{/if}}", """{"l":["a","b"]}""", "2!")]
    public void Loops_run(string source, string json, string expected) => Assert.Equal(expected, Render(source, json));

    [Theory]
    [InlineData("a  {{~x~}}  b", "a1b")]
    [InlineData("a\n {{~#if x~}}\n y \n{{~/if~}} \nb", "ayb")]
    [InlineData("a\n  {{#if x}}\n  y\n  {{/if}}\nb", "a\n  y\nb")]
    [InlineData("{{#if x}}\r\ny\r\n{{else}}\r\nn\r\n{{/if}}\r\nb", "y\r\nb")]
    [InlineData("a\n{{! note }}\nb", "a\nb")]
    [InlineData("a {{! note }}\nb", "a \nb")]
    [InlineData("{{x}}\nb", "1\nb")]
    [InlineData("\\{{x}} {{x}} \\\\{{x}}", "{{x}} 1 \\1")]
    [InlineData("{{{~x~}}} b", "1b")]
    public void White_space_is_controlled(string source, string expected)
    {
        if (source.Contains("{{{~", StringComparison.Ordinal))
            source = source.Replace("{{{~x~}}}", "{{~{x}~}}", StringComparison.Ordinal);
        Assert.Equal(expected, Render(source, """{"x":1}"""));
    }

    [Theory]
    [InlineData("__proto__")]
    [InlineData("constructor")]
    [InlineData("Length")]
    [InlineData("Count")]
    [InlineData("ValueKind")]
    [InlineData("GetType")]
    [InlineData("a.__proto__.constructor")]
    [InlineData("a.ValueKind")]
    [InlineData("@root.GetType")]
    [InlineData("../../../a")]
    public void Nothing_but_the_data_can_be_reached(string path) =>
        Assert.Equal("", Render("{{" + path + "}}", """{"a":{"b":1}}"""));
}
