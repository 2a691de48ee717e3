using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>Finds the URLs of a text part: from http:// or https:// to the next blank, bracket or quote.</summary>
internal static class TextLinks
{
    /// <summary>Characters of source that one URL may take; it ends there at the latest.</summary>
    private const int MaxSourceLength = 4 * 1024;

    public static void Find(string source, List<TemplateToken> tokens, LinkTable table)
    {
        var masked = SourceMask.Apply(source, tokens);
        var at = 0;
        while ((at = masked.IndexOf("http", at, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            if (!IsStart(masked, at))
            {
                at += 4;
                continue;
            }
            var end = FindEnd(masked, tokens, at);
            table.Add(MessagePart.Text, source, tokens, at, end, switchedOff: false);
            at = Math.Max(end, at + 4);
        }
    }

    private static bool IsStart(string masked, int at)
    {
        if (at > 0 && char.IsLetterOrDigit(masked[at - 1]))
            return false;
        var rest = masked.AsSpan(at + 4);
        return rest.StartsWith("://") || rest.StartsWith("s://", StringComparison.OrdinalIgnoreCase);
    }

    private static int FindEnd(string masked, List<TemplateToken> tokens, int start)
    {
        var end = start;
        while (end < masked.Length && end - start < MaxSourceLength && !IsEnd(masked[end]))
            end++;
        end = TokenRanges.OutsideOfTag(tokens, end);
        while (true)
        {
            end = TrimPunctuation(masked, start, end);
            var slice = TokenRanges.Slice(tokens, start, end);
            var unmatched = TokenRanges.Unmatched(slice);
            if (unmatched.Count == 0)
                return end;
            // The URL ends before the first block tag whose other half lies outside.
            end = unmatched[0].Start;
        }
    }

    private static bool IsEnd(char c) => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or '"';

    private static int TrimPunctuation(string masked, int start, int end)
    {
        while (end > start)
        {
            var c = masked[end - 1];
            var unopened = c == ')' && masked.AsSpan(start, end - start).Count(')') > masked.AsSpan(start, end - start).Count('(');
            if (c is not ('.' or ',' or ';' or ':' or '!' or '?' or '\'' or ']' or '}' or '*' or '_') && !unopened)
                break;
            end--;
        }
        return end;
    }
}
