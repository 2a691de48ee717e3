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

    /// <summary>The tokens with splices among them; <paramref name="tokens"/> have had their white space trimmed.</summary>
    public static List<TemplateToken> Splice(List<TemplateToken> tokens, IReadOnlyList<FoundLink> links, int sourceLength, int? pixel)
    {
        var output = new List<TemplateToken>(tokens.Count + links.Count * 4);
        var at = 0;
        var placed = pixel is null;
        foreach (var link in links)
        {
            if (!placed && pixel <= link.Start)
            {
                output.AddRange(TokenRanges.Slice(tokens, at, pixel.Value));
                PixelSplice.AddTo(output, pixel.Value);
                at = pixel.Value;
                placed = true;
            }
            output.AddRange(TokenRanges.Slice(tokens, at, link.Start));
            LinkSplice.AddTo(output, link, TokenRanges.Slice(tokens, link.Start, link.End));
            at = link.End;
        }
        if (!placed)
        {
            output.AddRange(TokenRanges.Slice(tokens, at, pixel!.Value));
            PixelSplice.AddTo(output, pixel.Value);
            at = pixel.Value;
        }
        output.AddRange(TokenRanges.Slice(tokens, at, sourceLength));
        return output;
    }

    /// <summary>Before the last &lt;/body> that is in no block, else the end.</summary>
    public static int PlacePixel(string source, List<TemplateToken> tokens, List<HtmlToken> html)
    {
        var place = source.Length;
        var depth = 0;
        var next = 0;
        foreach (var piece in html)
        {
            if (piece is not { Kind: HtmlTokenKind.EndTag, Name: "body" })
                continue;
            for (; next < tokens.Count && tokens[next].Start < piece.Start; next++)
            {
                depth += tokens[next].Kind switch
                {
                    TokenKind.OpenBlock or TokenKind.OpenInverse => 1,
                    TokenKind.Close => -1,
                    _ => 0,
                };
            }
            if (depth == 0)
                place = piece.Start;
        }
        return place;
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
