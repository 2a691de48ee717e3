using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Delivery.Mta.Templates;

/// <summary>
/// A compiled template of our Handlebars dialect (docs/templates.md). Immutable; any number of workers render it
/// at the same time, each with its own <see cref="RenderState"/>.
/// </summary>
internal sealed class Template
{
    private readonly TemplateNode[] _nodes;

    private Template(TemplateNode[] nodes) => _nodes = nodes;

    /// <summary>Whether the template is plain text; <paramref name="text"/> is then what every render yields.</summary>
    public bool TryGetConstant(out ReadOnlySpan<byte> text)
    {
        text = _nodes.Length == 1 && _nodes[0] is TextNode only ? only.Utf8 : default;
        return _nodes.Length == 0 || !text.IsEmpty;
    }

    public static bool TryCompile(string source, TemplateMode mode, [NotNullWhen(true)] out Template? template, [NotNullWhen(false)] out TemplateError? error)
    {
        template = null;
        return TryTokenize(source, out var tokens, out error)
            && TryParse(source, WhitespaceControl.Apply(tokens), mode, out template, out error);
    }

    /// <summary>The first half of compiling, for who has to put splices among the tokens.</summary>
    public static bool TryTokenize(string source, out List<TemplateToken> tokens, [NotNullWhen(false)] out TemplateError? error)
    {
        if (source.Length > TemplateLimits.MaxSourceBytes || Encoding.UTF8.GetByteCount(source) > TemplateLimits.MaxSourceBytes)
        {
            tokens = [];
            error = new TemplateError($"the source is larger than {TemplateLimits.MaxSourceBytes} bytes", 1, 1);
            return false;
        }
        return TemplateLexer.TryTokenize(source, out tokens, out error);
    }

    /// <summary>The second half of compiling. Offsets of the tokens are those of <paramref name="source"/>.</summary>
    public static bool TryParse(string source, List<TemplateToken> tokens, TemplateMode mode, [NotNullWhen(true)] out Template? template, [NotNullWhen(false)] out TemplateError? error)
    {
        var nodes = TemplateParser.Parse(source, tokens, mode, out error);
        template = nodes is null ? null : new Template(nodes);
        return template is not null;
    }

    /// <summary>As <see cref="TryRender"/>, within a render that has begun: its data and its limits are those of that render.</summary>
    public bool TryContinue(RenderState state) => TemplateNode.RenderAll(_nodes, state);

    /// <summary>
    /// Appends one render to the state's output. False: a limit was hit, <see cref="RenderState.Failure"/> names it,
    /// and what was appended is of no use.
    /// </summary>
    public bool TryRender(RenderState state)
    {
        state.Begin();
        return TemplateNode.RenderAll(_nodes, state) && state.Step(0);
    }
}
