namespace Delivery.Mta.Templates;

/// <summary>Something that has a value within a render. Immutable and shared by all renders.</summary>
internal abstract class Expression
{
    public abstract void Evaluate(RenderState state, out TemplateValue value);

    /// <summary>Tells the trace of the paths in it that the data does not have; a helper that makes do without them tells of none.</summary>
    public virtual void TraceMissing(RenderState state, FieldTrace trace)
    {
    }
}
