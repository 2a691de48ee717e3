namespace Delivery.Mta.Templates;

internal sealed class LiteralExpression(TemplateValue value) : Expression
{
    public TemplateValue Value { get; } = value;

    public override void Evaluate(RenderState state, out TemplateValue value) => value = Value;
}
