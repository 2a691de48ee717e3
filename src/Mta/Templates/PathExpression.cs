using System.Text;

namespace Delivery.Mta.Templates;

/// <summary>A path from the innermost context, from one further out (<c>../</c>), or from <c>@root</c>.</summary>
internal sealed class PathExpression(int up, bool fromRoot, PathSegment[] segments) : Expression
{
    /// <summary>Whether the last name of the path is the built-in unsubscribe address.</summary>
    public bool IsUnsubscribe => segments.Length > 0 && segments[^1].BuiltIn == BuiltIn.UnsubscribeUrl;

    /// <summary>The path as a template has it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(fromRoot ? "@root." : "").Insert(0, "../", up);
        foreach (var segment in segments)
            text.Append(Encoding.UTF8.GetString(segment.Name)).Append('.');
        return text.Length == 0 ? "this" : text.ToString(0, text.Length - 1);
    }

    public override void TraceMissing(RenderState state, FieldTrace trace)
    {
        Evaluate(state, out var value);
        if (value.Kind <= ValueKind.Null)
            trace.Add(ToString(), isEmpty: false);
        else if (value.Kind == ValueKind.String && Truth.IsEmpty(value))
            trace.Add(ToString(), isEmpty: true);
    }

    public override void Evaluate(RenderState state, out TemplateValue value)
    {
        value = fromRoot ? TemplateValue.Root : state.Context(up);
        foreach (var segment in segments)
        {
            // Nothing is below what is missing: a path as long as the source costs no more than the data is deep.
            if (value.Kind == ValueKind.Missing)
                return;
            value = state.Lookup(value, segment);
        }
    }
}
