namespace Delivery.Mta.Outcomes;

/// <summary>
/// Makes texts that differ only in whom and when they speak of the same: addresses, IPs, long numbers, ids, numbered host names and
/// the query of URLs become placeholders. Short codes of providers, such as [TSS04], stay. Rules see texts in this form.
/// </summary>
internal static class ReplyPlaceholders
{
    public const string Address = "<address>";
    public const string Ip = "<ip>";
    public const string Number = "<n>";
    public const string Id = "<id>";
    public const string Host = "<host>";

    /// <summary>Enough for any reply's text; what does not fit is left out.</summary>
    public const int MaxLength = 768;

    private const int ShortCode = 12;
    private const string Ellipsis = "..";

    /// <summary>Writes the text's form into <paramref name="output"/>; returns its length.</summary>
    public static int Write(ReadOnlySpan<char> text, Span<char> output)
    {
        var length = 0;
        var space = true;
        while (!text.IsEmpty)
        {
            if (IsDelimiter(text[0]))
            {
                var c = text[0];
                text = text[1..];
                if (c == ' ' && space)
                    continue;
                // A placeholder brings its own brackets.
                if (c is '<' or '>')
                    continue;
                if (length == output.Length)
                    break;
                output[length++] = c;
                space = c == ' ';
                continue;
            }

            var end = 0;
            var isUrl = IsUrl(text);
            while (end < text.Length && ((isUrl && text[end] == '=') || !IsDelimiter(text[end])) && !text[end..].StartsWith(Ellipsis))
                end++;
            while (end < text.Length && text[end] == '.')
                end++;
            var token = text[..end];
            text = text[end..];
            var bare = token.TrimEnd(".:!?");
            if (!Append(Form(bare), output, ref length) || !Append(token[bare.Length..], output, ref length))
                break;
            space = false;
        }

        while (length > 0 && output[length - 1] == ' ')
            length--;
        return length;
    }

    private static bool IsDelimiter(char c) => c is ' ' or '\t' or '<' or '>' or '(' or ')' or '[' or ']' or '{' or '}' or '"' or '\'' or ',' or ';' or '=' or '|';

    private static ReadOnlySpan<char> Form(ReadOnlySpan<char> token)
    {
        if (token.Contains('@'))
            return Address;
        if (token.Length < 4)
            return token;
        if (IsUrl(token))
            return Url(token);
        int digits = 0, letters = 0, dots = 0, colons = 0, upperThenDigits = 0;
        var hex = true;
        foreach (var c in token)
        {
            if (char.IsAsciiDigit(c))
                digits++;
            else if (char.IsLetter(c))
                letters++;
            else if (c == '.')
                dots++;
            else if (c == ':')
                colons++;
            if (char.IsAsciiLetterUpper(c) ? digits == 0 : char.IsAsciiDigit(c) || c == '_')
                upperThenDigits++;
            hex &= char.IsAsciiHexDigit(c) || c is ':' or '.';
        }

        if (digits == 0)
            return token;
        if (letters == 0 && dots == 3 && digits + dots + colons == token.Length && token[^1] != '.')
            return Ip;
        if (hex && colons >= 2)
            return Ip;
        if (digits == token.Length)
            return digits >= 5 ? Number : token;
        if (upperThenDigits == token.Length && token.Length <= ShortCode)
            return token;
        if (letters > 0 && dots > 0 && char.IsLetter(token[^1]))
            return Host;
        return (digits >= 3 && token.Length >= 10) || token.Length >= 24 ? Id : token;
    }

    private static bool IsUrl(ReadOnlySpan<char> text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Scheme, host and the part of the path that has no digits.</summary>
    private static ReadOnlySpan<char> Url(ReadOnlySpan<char> url)
    {
        if (url.IndexOfAny('?', '#') is >= 0 and var query)
            url = url[..query];
        var digit = url.IndexOfAnyInRange('0', '9');
        if (digit < 0)
            return url;
        var cut = url[..digit].LastIndexOf('/');
        return cut <= "https://".Length ? url[..digit] : url[..(cut + 1)];
    }

    private static bool Append(ReadOnlySpan<char> text, Span<char> output, ref int length)
    {
        if (text.Length > output.Length - length)
            return false;
        text.CopyTo(output[length..]);
        length += text.Length;
        return true;
    }
}
