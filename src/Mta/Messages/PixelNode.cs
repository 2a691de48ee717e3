using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

internal sealed class PixelNode : TemplateNode
{
    public override bool Render(RenderState state)
    {
        var links = (LinkWriter)state.Host!;
        if (links.Trace is not null)
            return true;
        state.Output.Write("<img src=\""u8);
        links.WriteOpen(state.Output);
        state.Output.Write("\" width=\"1\" height=\"1\" alt=\"\" style=\"display:block;width:1px;height:1px;border:0\">"u8);
        return state.CheckOutput();
    }
}
