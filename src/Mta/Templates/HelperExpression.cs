namespace Delivery.Mta.Templates;

internal sealed class HelperExpression(Helper helper, Expression[] arguments) : Expression
{
    /// <summary>A condition and <c>default</c> are there for data that may lack.</summary>
    public override void TraceMissing(RenderState state, FieldTrace trace)
    {
        if (helper.IsCondition || helper.Name == "default")
            return;
        foreach (var argument in arguments)
            argument.TraceMissing(state, trace);
    }

    public override void Evaluate(RenderState state, out TemplateValue value)
    {
        // One expression can hold thousands of calls, and no step lies between them.
        value = TemplateValue.Missing;
        if (state.IsExhausted)
            return;
        var evaluated = default(HelperArguments);
        for (var i = 0; i < arguments.Length; i++)
            arguments[i].Evaluate(state, out evaluated[i]);
        state.Charge(32);
        if (state.IsExhausted)
            return;
        value = helper.Function(state, evaluated[..arguments.Length]);
    }
}
