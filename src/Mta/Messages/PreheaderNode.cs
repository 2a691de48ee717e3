using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// The text that mail clients show beside the subject: hidden in the message itself, and followed by blanks that keep the message's own
/// beginning out of the preview.
/// </summary>
internal sealed class PreheaderNode(Template text) : TemplateNode
{
    private const int Fillers = 100;
    private static readonly byte[] Filler = [.. Enumerable.Repeat("&#847;&zwnj;&nbsp;"u8.ToArray(), Fillers).SelectMany(one => one)];

    public override bool Render(RenderState state)
    {
        state.Output.Write("<div style=\"display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all\">"u8);
        var mark = state.Output.Length;
        if (!text.TryContinue(state))
            return false;
        HtmlEscaper.WriteInPlace(state.Output, mark, state.Arena);
        state.Output.Write(Filler);
        state.Output.Write("</div>"u8);
        return state.CheckOutput();
    }
}
