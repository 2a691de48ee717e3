namespace Delivery.Mta.Templates;

/// <summary>One instruction of a compiled template. Immutable and shared by all renders.</summary>
internal abstract class TemplateNode
{
    /// <summary>Where in the source the node begins; -1 for one that came in through a splice.</summary>
    public int Offset { get; init; } = -1;

    /// <summary>Appends to the state's output. False: the render has failed and ends.</summary>
    public abstract bool Render(RenderState state);

    public static bool RenderAll(TemplateNode[] nodes, RenderState state)
    {
        foreach (var node in nodes)
        {
            if (state.Step() && node.Render(state))
                continue;
            state.FailAt(node.Offset);
            return false;
        }
        return true;
    }
}
