using System.Text;

namespace Delivery.Mta.Specimens;

/// <summary>
/// Style sheets and style attributes without what loads anything. Comments go, functions that name a resource go with their parameters, at-rules
/// but the harmless become unknown ones, and escapes that could spell one of those become '_'. The text has no '&lt;'. Linear in the length.
/// </summary>
internal static class SafeCss
{
    private static readonly string[] Loading =
        ["url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade", "element", "-moz-element", "expression", "paint", "url-prefix"];

    private static readonly string[] AtRules = ["media", "supports", "font-face", "keyframes", "-webkit-keyframes", "-moz-keyframes", "page", "container"];

    private static readonly string[] Never = ["url(", "@import", "image-set(", "expression(", "<"];

    public static string Clean(string css)
    {
        css = css.Replace("\0", "", StringComparison.Ordinal);
        var clean = new StringBuilder(css.Length);
        for (var at = 0; at < css.Length;)
            at = Take(css, at, clean);
        var text = clean.ToString();
        // Whatever a reader of style sheets makes of the rest, these are not in it.
        return Array.Exists(Never, word => text.Contains(word, StringComparison.OrdinalIgnoreCase)) ? "" : text;
    }

    /// <summary>Takes what begins at an offset; the offset behind it.</summary>
    private static int Take(string css, int at, StringBuilder clean)
    {
        var c = css[at];
        if (c == '/' && at + 1 < css.Length && css[at + 1] == '*')
        {
            clean.Append(' ');
            return css.IndexOf("*/", at + 2, StringComparison.Ordinal) is >= 0 and var end ? end + 2 : css.Length;
        }

        if (c is '"' or '\'')
            return TakeString(css, at, clean);
        if (c == '@')
            return TakeAtRule(css, at, clean);
        if (c == '\\' || IsName(c))
            return TakeName(css, at, clean);
        if (c != '<')
            clean.Append(c);
        return at + 1;
    }

    private static int TakeString(string css, int at, StringBuilder clean)
    {
        var end = EndOfString(css, at);
        if (end > at + 1 && css[end - 1] == css[at])
            clean.Append(css, at, end - at).Replace("<", "", clean.Length - (end - at), end - at);
        else
            clean.Append(' ');
        return end;
    }

    /// <summary>Behind the closing quote, or where the line ends without one.</summary>
    private static int EndOfString(string css, int at)
    {
        for (var i = at + 1; i < css.Length; i++)
        {
            if (css[i] == '\\')
                i++;
            else if (css[i] == css[at])
                return i + 1;
            else if (css[i] is '\n' or '\r' or '\f')
                return i;
        }

        return css.Length;
    }

    private static int TakeAtRule(string css, int at, StringBuilder clean)
    {
        var name = new StringBuilder();
        var end = ReadName(css, at + 1, name);
        var rule = name.ToString();
        clean.Append('@').Append(Array.Exists(AtRules, known => known.Equals(rule, StringComparison.OrdinalIgnoreCase)) ? "" : "x-").Append(rule);
        return end;
    }

    private static int TakeName(string css, int at, StringBuilder clean)
    {
        var name = new StringBuilder();
        var end = ReadName(css, at, name);
        var word = name.ToString();
        if (end < css.Length && css[end] == '(' && Array.Exists(Loading, function => function.Equals(word, StringComparison.OrdinalIgnoreCase)))
        {
            clean.Append(' ');
            return EndOfFunction(css, end + 1);
        }

        clean.Append(word);
        return Math.Max(end, at + 1);
    }

    private static int ReadName(string css, int at, StringBuilder name)
    {
        while (at < css.Length)
        {
            if (IsName(css[at]))
                name.Append(css[at++]);
            else if (css[at] == '\\')
                at = ReadEscape(css, at, name);
            else
                break;
        }

        return at;
    }

    /// <summary>An escaped sign, as in <c>.sm\:wide</c>, stays; an escaped letter or number could spell any word.</summary>
    private static int ReadEscape(string css, int at, StringBuilder name)
    {
        const int MostDigits = 6;
        var end = at + 1;
        while (end < css.Length && end <= at + MostDigits && char.IsAsciiHexDigit(css[end]))
            end++;
        if (end > at + 1)
        {
            name.Append('_');
            return end < css.Length && char.IsWhiteSpace(css[end]) ? end + 1 : end;
        }

        if (end < css.Length && css[end] > ' ' && css[end] < '\u007F' && css[end] != '<' && !char.IsAsciiLetter(css[end]))
            name.Append('\\').Append(css[end]);
        else
            name.Append('_');
        return Math.Min(end + 1, css.Length);
    }

    private static int EndOfFunction(string css, int at)
    {
        for (var depth = 1; at < css.Length && depth > 0;)
        {
            var c = css[at];
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            at = c is '"' or '\'' ? EndOfString(css, at) : c == '\\' ? Math.Min(at + 2, css.Length) : at + 1;
        }

        return at;
    }

    private static bool IsName(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or > '\u007F';
}
