namespace Delivery.Mta.Templates;

/// <summary>
/// Trims text tokens in place as Handlebars does: '~' takes all white space on its side, and a block tag or
/// comment that stands alone on its line takes the line with it.
/// </summary>
internal static class WhitespaceControl
{
    public static List<TemplateToken> Apply(List<TemplateToken> tokens)
    {
        var left = new int[tokens.Count];
        var right = new int[tokens.Count];
        for (var i = 0; i < tokens.Count; i++)
        {
            var tag = tokens[i];
            if (!tag.IsTag)
                continue;
            if (tag.StripLeft && IsText(tokens, i - 1))
                right[i - 1] = tokens[i - 1].Text.Length - tokens[i - 1].Text.AsSpan().TrimEnd().Length;
            if (tag.StripRight && IsText(tokens, i + 1))
                left[i + 1] = tokens[i + 1].Text.Length - tokens[i + 1].Text.AsSpan().TrimStart().Length;
            if (CanStandAlone(tag.Kind) && EndsLine(tokens, i - 1) && StartsLine(tokens, i + 1))
            {
                if (i > 0)
                    right[i - 1] = Math.Max(right[i - 1], TrailingBlanks(tokens[i - 1].Text));
                if (i + 1 < tokens.Count)
                    left[i + 1] = Math.Max(left[i + 1], LeadingLine(tokens[i + 1].Text));
            }
        }
        var trimmed = new List<TemplateToken>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (left[i] == 0 && right[i] == 0)
                trimmed.Add(token);
            else if (left[i] + right[i] < token.Text.Length)
                trimmed.Add(Trim(token, left[i], right[i]));
        }
        return trimmed;
    }

    private static TemplateToken Trim(TemplateToken token, int left, int right) => token with
    {
        Text = token.Text[left..^right],
        Start = token.Start + left,
        End = token.End - right,
        TextStart = token.TextStart + left,
    };

    private static bool CanStandAlone(TokenKind kind) => kind is TokenKind.Comment or TokenKind.OpenBlock
        or TokenKind.OpenInverse or TokenKind.Else or TokenKind.Close;

    private static bool IsText(List<TemplateToken> tokens, int index) =>
        index >= 0 && index < tokens.Count && tokens[index].Kind == TokenKind.Text;

    /// <summary>Whether what stands before a tag leaves it at the start of a line.</summary>
    private static bool EndsLine(List<TemplateToken> tokens, int index)
    {
        if (index < 0)
            return true;
        if (!IsText(tokens, index))
            return false;
        var text = tokens[index].Text.AsSpan();
        var rest = text[text.TrimEnd().Length..];
        return rest.Contains('\n') || (index == 0 && rest.Length == text.Length);
    }

    private static bool StartsLine(List<TemplateToken> tokens, int index)
    {
        if (index >= tokens.Count)
            return true;
        if (!IsText(tokens, index))
            return false;
        var text = tokens[index].Text.AsSpan();
        var rest = text[..(text.Length - text.TrimStart().Length)];
        return rest.Contains('\n') || (index == tokens.Count - 1 && rest.Length == text.Length);
    }

    private static int TrailingBlanks(string text) => text.Length - text.AsSpan().TrimEnd(" \t").Length;

    /// <summary>Length of the blanks at the start and the line end behind them.</summary>
    private static int LeadingLine(string text)
    {
        var at = text.Length - text.AsSpan().TrimStart(" \t").Length;
        if (at + 1 < text.Length && text[at] == '\r' && text[at + 1] == '\n')
            return at + 2;
        return at < text.Length && text[at] == '\n' ? at + 1 : at;
    }
}
