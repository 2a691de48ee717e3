using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// A link that no person can see or reach, for programs that follow every link of a mail. It is not rendered (as the preheader is not),
/// keyboards and screen readers pass it by, and it holds no text: where a mail client throws the style away, there is still nothing to
/// click on. What is drawn outside of the view or in the colour of the ground would be reached by keyboards, and looks like a spammer's.
/// </summary>
internal sealed class ScannerLinkNode : TemplateNode
{
    public override bool Render(RenderState state)
    {
        var links = (LinkWriter)state.Host!;
        if (links.Trace is not null)
            return true;
        state.Output.Write("<a href=\""u8);
        links.WriteScannerLink(state.Output);
        state.Output.Write("\" rel=\"nofollow\" tabindex=\"-1\" aria-hidden=\"true\" style=\"display:none;font-size:0;line-height:0;max-height:0;overflow:hidden;mso-hide:all\"></a>"u8);
        return state.CheckOutput();
    }
}
