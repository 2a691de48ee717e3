using System.Text;
using System.Text.Json;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Tests.Templates;

/// <summary>Compiles and renders in one go; a template that does not compile or render fails the test.</summary>
internal static class Rendering
{
    public static string Render(string source, string json = "{}", TemplateMode mode = TemplateMode.Html)
    {
        var state = TryRender(source, json, mode, out var done);
        Assert.True(done, $"render failed: {state.Failure}");
        return Encoding.UTF8.GetString(state.Output.Written);
    }

    public static string Text(string source, string json = "{}") => Render(source, json, TemplateMode.Text);

    public static RenderState TryRender(string source, string json, TemplateMode mode, out bool done)
    {
        Assert.True(Template.TryCompile(source, mode, out var template, out var error), error?.ToString());
        using var document = JsonDocument.Parse(json);
        var scope = new TemplateScope { RecipientData = document.RootElement };
        var state = new RenderState(new ByteBuffer(), scope);
        done = template.TryRender(state);
        return state;
    }

    public static TemplateError Error(string source)
    {
        Assert.False(Template.TryCompile(source, TemplateMode.Html, out _, out var error));
        return error;
    }
}
