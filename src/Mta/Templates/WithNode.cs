namespace Delivery.Mta.Templates;

internal sealed class WithNode(Expression expression, TemplateNode[] body, TemplateNode[] otherwise) : TemplateNode
{
    public override bool Render(RenderState state)
    {
        expression.Evaluate(state, out var value);
        if (otherwise.Length == 0)
            state.Trace?.Block(expression, state, Offset);
        if (Truth.IsEmpty(value))
            return RenderAll(otherwise, state);
        state.PushContext(value);
        var done = RenderAll(body, state);
        state.PopContext();
        return done;
    }
}
