using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// A URL of the message. A web address becomes a click URL, or gets its UTM parameters where it is not tracked; a script becomes "#";
/// anything else is rendered as the template has it.
/// </summary>
internal sealed class LinkNode(FoundLink link, byte[]? constantUrl, TemplateNode[] url, TemplateNode[] original, bool html) : TemplateNode
{
    public override bool Render(RenderState state)
    {
        var links = (LinkWriter)state.Host!;
        if (constantUrl is not null)
        {
            if (links.Trace is not null)
                return RenderPlain(links.Trace, constantUrl, state);
            links.Write(state.Output, link.Link, link.Position, constantUrl);
            return state.CheckOutput();
        }
        var mark = state.Output.Length;
        var suppressed = state.SuppressEscape;
        state.SuppressEscape = true;
        var done = RenderAll(url, state);
        state.SuppressEscape = suppressed;
        if (!done)
            return false;
        var target = links.Read(state.Output.Written[mark..], link.Tags);
        state.Output.Truncate(mark);
        if (target == LinkTarget.Harmful)
        {
            links.Trace?.Add(link, "#"u8);
            state.Output.WriteByte((byte)'#');
            return state.CheckOutput();
        }
        if (target != LinkTarget.Web || (!link.IsTracked && link.Tags is null))
            return RenderAll(original, state);
        if (links.Trace is not null)
            return RenderPlain(links.Trace, links.LastRead, state);
        if (link.IsTracked)
            links.WriteLastRead(state.Output, link.Link, link.Position);
        else
            links.WriteLastReadPlain(state.Output, html);
        return state.CheckOutput();
    }

    /// <summary>As the template has it, or with what <c>utm</c> adds to it.</summary>
    private bool RenderPlain(RenderTrace trace, ReadOnlySpan<byte> destination, RenderState state)
    {
        trace.Add(link, destination);
        if (link.Tags is null)
            return RenderAll(original, state);
        PlainUrl.Write(destination, html, state.Output);
        return state.CheckOutput();
    }
}
