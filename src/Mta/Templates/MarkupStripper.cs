using System.Net;
using System.Text;

namespace Delivery.Mta.Templates;

/// <summary>Writes HTML from the data as text: without tags, entities decoded, a break at br and where blocks begin or end.</summary>
internal static class MarkupStripper
{
    public static void Write(RenderState state, ReadOnlySpan<byte> html)
    {
        if (!html.ContainsAny((byte)'<', (byte)'&'))
        {
            state.Output.Write(html);
            return;
        }
        state.Charge(html.Length * 8);
        var source = Encoding.UTF8.GetString(html);
        var text = new StringBuilder(source.Length);
        for (var at = 0; at < source.Length; at++)
        {
            if (!IsTag(source, at))
            {
                text.Append(source[at]);
                continue;
            }
            var end = source.IndexOf('>', at);
            if (end < 0)
                break;
            if (IsBreak(source.AsSpan(at + 1, end - at - 1)))
                text.Append('\n');
            at = end;
        }
        state.Output.Write(Encoding.UTF8.GetBytes(WebUtility.HtmlDecode(text.ToString())));
    }

    private static bool IsTag(string source, int at) => source[at] == '<' && at + 1 < source.Length
        && (char.IsAsciiLetter(source[at + 1]) || source[at + 1] is '/' or '!');

    private static bool IsBreak(ReadOnlySpan<char> tag)
    {
        tag = tag.TrimStart('/');
        var end = 0;
        while (end < tag.Length && char.IsAsciiLetterOrDigit(tag[end]))
            end++;
        return tag[..end] is "br" or "BR" or "p" or "P" or "div" or "li" or "tr" or "h1" or "h2" or "h3";
    }
}
