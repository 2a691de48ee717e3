using System.Text;

namespace Delivery.Cli.Demo.Mime;

/// <summary>Content-Type (RFC 2045 section 5.1). Media type and parameter names are in lower case.</summary>
internal sealed record MimeContentType(string MediaType, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>What a part without the header is (RFC 2045 section 5.2).</summary>
    public static MimeContentType Default { get; } = new("text/plain", new Dictionary<string, string>());

    /// <exception cref="FormatException">The value does not follow the grammar.</exception>
    public static MimeContentType Parse(string value)
    {
        var at = value.IndexOf(';', StringComparison.Ordinal);
        var mediaType = (at < 0 ? value : value[..at]).Trim().ToLowerInvariant();
        if (mediaType.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
            throw new FormatException($"'{value}' is no content type");
        var parameters = new Dictionary<string, string>();
        while (at >= 0 && at < value.Length)
        {
            at++;
            var equals = value.IndexOf('=', at);
            if (equals < 0)
            {
                if (value[at..].Trim().Length > 0)
                    throw new FormatException($"'{value}' has a parameter without value");
                break;
            }

            var name = value[at..equals].Trim().ToLowerInvariant();
            at = equals + 1;
            parameters[name] = at < value.Length && value[at] == '"' ? Quoted(value, ref at) : Token(value, ref at);
        }

        return new MimeContentType(mediaType, parameters);
    }

    private static string Token(string value, ref int at)
    {
        var end = value.IndexOf(';', at);
        var token = (end < 0 ? value[at..] : value[at..end]).Trim();
        at = end < 0 ? value.Length : end;
        return token;
    }

    private static string Quoted(string value, ref int at)
    {
        var text = new StringBuilder();
        for (at++; at < value.Length; at++)
        {
            if (value[at] == '"')
            {
                var next = value.IndexOf(';', at);
                at = next < 0 ? value.Length : next;
                return text.ToString();
            }

            if (value[at] == '\\' && at + 1 < value.Length)
                at++;
            text.Append(value[at]);
        }

        throw new FormatException($"'{value}' has an open quotation");
    }
}
