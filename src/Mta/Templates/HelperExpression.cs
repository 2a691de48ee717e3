namespace Delivery.Mta.Templates;

internal sealed class HelperExpression(Helper helper, Expression[] arguments) : Expression
{
    public override void Evaluate(RenderState state, out TemplateValue value)
    {
        var evaluated = default(HelperArguments);
        for (var i = 0; i < arguments.Length; i++)
            arguments[i].Evaluate(state, out evaluated[i]);
        state.Charge(32);
        value = helper.Function(state, evaluated[..arguments.Length]);
    }
}
