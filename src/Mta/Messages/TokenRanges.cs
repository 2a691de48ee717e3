using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>Cuts of a token list by offsets of the source.</summary>
internal static class TokenRanges
{
    /// <summary>
    /// The tokens between two offsets, texts cut at them. Tags are never cut: an offset comes from outside of them.
    /// </summary>
    public static List<TemplateToken> Slice(List<TemplateToken> tokens, int start, int end)
    {
        var slice = new List<TemplateToken>();
        for (var i = FirstEndingAfter(tokens, start); i < tokens.Count && tokens[i].Start < end; i++)
        {
            var token = tokens[i];
            if (token.Kind == TokenKind.Text)
            {
                var from = Math.Max(start, token.Start);
                var to = Math.Min(end, token.End);
                if (from < to)
                    slice.Add(TemplateToken.OfText(token.Text[(from - token.Start)..(to - token.Start)], from));
            }
            else if (token.Start >= start)
            {
                slice.Add(token);
            }
        }
        return slice;
    }

    /// <summary>Whether every block that begins among the tokens ends among them, and the other way round.</summary>
    public static bool IsBalanced(List<TemplateToken> tokens) => Unmatched(tokens).Count == 0;

    /// <summary>The block tags whose other half is not among the tokens.</summary>
    public static List<TemplateToken> Unmatched(List<TemplateToken> tokens)
    {
        var unmatched = new List<TemplateToken>();
        var opens = new Stack<int>();
        foreach (var token in tokens)
        {
            switch (token.Kind)
            {
                case TokenKind.OpenBlock or TokenKind.OpenInverse:
                    opens.Push(unmatched.Count);
                    unmatched.Add(token);
                    break;
                case TokenKind.Close when opens.TryPop(out var open):
                    unmatched.RemoveRange(open, unmatched.Count - open);
                    break;
                case TokenKind.Else or TokenKind.Close:
                    unmatched.Add(token);
                    break;
                default:
                    break;
            }
        }
        return unmatched;
    }

    /// <summary>The offset, or the start of the tag that it lies within.</summary>
    public static int OutsideOfTag(List<TemplateToken> tokens, int offset)
    {
        var i = FirstEndingAfter(tokens, offset);
        return i < tokens.Count && tokens[i].IsTag && tokens[i].Start < offset ? tokens[i].Start : offset;
    }

    private static int FirstEndingAfter(List<TemplateToken> tokens, int offset)
    {
        var low = 0;
        var high = tokens.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (tokens[middle].End <= offset)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
