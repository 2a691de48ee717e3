namespace Delivery.Mta.Templates;

/// <summary>Writes a value: a scalar as text, a list as its scalars with commas between, an object as nothing.</summary>
internal sealed class OutputNode(Expression expression, OutputForm form) : TemplateNode
{
    public Expression Expression => expression;

    public override bool Render(RenderState state)
    {
        expression.Evaluate(state, out var value);
        state.Trace?.Output(expression, state, Offset);
        if (value.Kind == ValueKind.Array)
        {
            value = TextFunctions.Join(state, [value, Comma]);
        }
        var text = state.Utf8(value);
        if (form == OutputForm.Escaped && !state.SuppressEscape)
            HtmlEscaper.Write(text, state.Output);
        else if (form == OutputForm.Stripped)
            MarkupStripper.Write(state, text);
        else
            state.Output.Write(text);
        return state.CheckOutput();
    }

    private static readonly TemplateValue Comma = TemplateValue.OfString(","u8.ToArray());
}
