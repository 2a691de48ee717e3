namespace Delivery.Mta.Templates;

/// <summary><c>@index @key @first @last</c> of the loop <paramref name="up"/> loops further out; missing outside.</summary>
internal sealed class LoopExpression(LoopField field, int up) : Expression
{
    public override void Evaluate(RenderState state, out TemplateValue value)
    {
        if (!state.TryLoop(up, out var loop))
        {
            value = TemplateValue.Missing;
            return;
        }
        value = field switch
        {
            LoopField.First => TemplateValue.Of(loop.Index == 0),
            LoopField.Last => TemplateValue.Of(loop.Last),
            LoopField.Key when loop.Key.Kind != ValueKind.Missing => loop.Key,
            _ => state.OfInteger(loop.Index),
        };
    }
}
