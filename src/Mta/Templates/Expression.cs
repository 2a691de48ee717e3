namespace Delivery.Mta.Templates;

/// <summary>Something that has a value within a render. Immutable and shared by all renders.</summary>
internal abstract class Expression
{
    public abstract void Evaluate(RenderState state, out TemplateValue value);
}
