using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>Finds the links of an HTML part and puts splices around their URLs and at the pixel's place.</summary>
internal static class HtmlLinks
{
    /// <summary>All links of the anchors and areas, in the source's order.</summary>
    public static void Find(string source, List<TemplateToken> tokens, List<HtmlToken> html, LinkTable table)
    {
        foreach (var tag in html)
        {
            if (tag.Kind != HtmlTokenKind.StartTag || tag.Name is not ("a" or "area"))
                continue;
            var off = IsSwitchedOff(source, tag);
            foreach (var attribute in tag.Attributes)
            {
                if (attribute.Name == "href")
                    table.Add(MessagePart.Html, source, tokens, attribute.Start, attribute.End, off);
            }
        }
    }

    /// <summary>
    /// The tokens with splices among them; <paramref name="tokens"/> have had their white space trimmed. Insertions are ordered by offset
    /// and lie in no link.
    /// </summary>
    public static List<TemplateToken> Splice(
        List<TemplateToken> tokens, IReadOnlyList<FoundLink> links, int sourceLength, IReadOnlyList<(int Offset, TemplateNode Node)> insertions)
    {
        var output = new List<TemplateToken>(tokens.Count + links.Count * 4);
        var at = 0;
        var next = 0;
        foreach (var link in links)
        {
            for (; next < insertions.Count && insertions[next].Offset <= link.Start; next++)
                Insert(insertions[next], tokens, output, ref at);
            output.AddRange(TokenRanges.Slice(tokens, at, link.Start));
            LinkSplice.AddTo(output, link, TokenRanges.Slice(tokens, link.Start, link.End), html: link.Part == MessagePart.Html);
            at = link.End;
        }
        for (; next < insertions.Count; next++)
            Insert(insertions[next], tokens, output, ref at);
        output.AddRange(TokenRanges.Slice(tokens, at, sourceLength));
        return output;
    }

    private static void Insert((int Offset, TemplateNode Node) insertion, List<TemplateToken> tokens, List<TemplateToken> output, ref int at)
    {
        output.AddRange(TokenRanges.Slice(tokens, at, insertion.Offset));
        NodeSplice.AddTo(output, insertion.Node, insertion.Offset);
        at = insertion.Offset;
    }

    private static bool IsSwitchedOff(string source, HtmlToken tag)
    {
        foreach (var attribute in tag.Attributes)
        {
            var value = source.AsSpan(attribute.Start, attribute.End - attribute.Start);
            if ((attribute.Name == "data-track" && value.Equals("false", StringComparison.OrdinalIgnoreCase))
                || (attribute.Name == "clicktracking" && value.Equals("off", StringComparison.OrdinalIgnoreCase)))
                return true;
        }
        return false;
    }
}
