namespace Delivery.Mta.Templates;

/// <summary>if, unless, and their chains of else if: the first branch that holds is rendered.</summary>
internal sealed class IfNode(ConditionalBranch[] branches, TemplateNode[] otherwise) : TemplateNode
{
    public override bool Render(RenderState state)
    {
        foreach (var branch in branches)
        {
            if (!state.Step())
                return false;
            branch.Condition.Evaluate(state, out var value);
            if (Truth.IsTruthy(value) != branch.Negated)
                return RenderAll(branch.Body, state);
        }
        return RenderAll(otherwise, state);
    }
}
