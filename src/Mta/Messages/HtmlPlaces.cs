using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>Places in an HTML source where something may be put in: none of them lies in a block, so it is in every message once.</summary>
internal static class HtmlPlaces
{
    /// <summary>Before the last &lt;/body>, else the end.</summary>
    public static int OfPixel(string source, List<TemplateToken> tokens, List<HtmlToken> html)
    {
        var place = source.Length;
        foreach (var piece in OutsideOfBlocks(tokens, html))
        {
            if (piece is { Kind: HtmlTokenKind.EndTag, Name: "body" })
                place = piece.Start;
        }
        return place;
    }

    /// <summary>Behind the first &lt;body>, else behind the first &lt;/head>, else the beginning.</summary>
    public static int OfPreheader(List<TemplateToken> tokens, List<HtmlToken> html)
    {
        var place = 0;
        foreach (var piece in OutsideOfBlocks(tokens, html))
        {
            if (piece is { Kind: HtmlTokenKind.StartTag, Name: "body" })
                return piece.End;
            if (place == 0 && piece is { Kind: HtmlTokenKind.EndTag, Name: "head" })
                place = piece.End;
        }
        return place;
    }

    /// <summary>The source of the attribute <c>lang</c> of the first &lt;html>, null where there is none.</summary>
    public static string? LanguageOf(string source, List<HtmlToken> html)
    {
        foreach (var piece in html)
        {
            if (piece is not { Kind: HtmlTokenKind.StartTag, Name: "html" })
                continue;
            foreach (var attribute in piece.Attributes)
            {
                if (attribute.Name == "lang")
                    return source[attribute.Start..attribute.End];
            }

            return null;
        }

        return null;
    }

    /// <summary>The tags of body and head that are in no block and hold no half of one.</summary>
    private static List<HtmlToken> OutsideOfBlocks(List<TemplateToken> tokens, List<HtmlToken> html)
    {
        var outside = new List<HtmlToken>();
        var depth = 0;
        var next = 0;
        foreach (var piece in html)
        {
            if (piece.Name is not ("body" or "head"))
                continue;
            depth += Depth(tokens, ref next, piece.Start);
            var within = Depth(tokens, ref next, piece.End);
            if (depth == 0 && within == 0)
                outside.Add(piece);
            depth += within;
        }
        return outside;
    }

    private static int Depth(List<TemplateToken> tokens, ref int next, int end)
    {
        var depth = 0;
        for (; next < tokens.Count && tokens[next].Start < end; next++)
        {
            depth += tokens[next].Kind switch
            {
                TokenKind.OpenBlock or TokenKind.OpenInverse => 1,
                TokenKind.Close => -1,
                _ => 0,
            };
        }
        return depth;
    }
}
