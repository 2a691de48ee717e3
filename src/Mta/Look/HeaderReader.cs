using System.Text;
using System.Text.RegularExpressions;

namespace Delivery.Mta.Look;

/// <summary>Reads the header of a message that was composed here (RFC 5322 section 2.2, RFC 2047), as a mail reader shows it.</summary>
internal static partial class HeaderReader
{
    public static List<MailHeader> Read(ReadOnlySpan<byte> message)
    {
        var end = message.IndexOf("\r\n\r\n"u8);
        var text = Encoding.UTF8.GetString(end < 0 ? message : message[..end]);
        var headers = new List<MailHeader>();
        foreach (var line in text.Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", "\t", StringComparison.Ordinal).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                headers.Add(new MailHeader(line[..colon], Decode(line[(colon + 1)..].Trim())));
        }

        return headers;
    }

    /// <summary>Blanks between two encoded-words belong to neither.</summary>
    private static string Decode(string value) =>
        value.Contains("=?", StringComparison.Ordinal)
            ? EncodedWord().Replace(BetweenWords().Replace(value, "?==?"), word => Read(word.Groups[1].ValueSpan is "Q", word.Groups[2].Value))
            : value;

    private static string Read(bool quoted, string text)
    {
        if (!quoted)
            return Encoding.UTF8.GetString(Convert.FromBase64String(text));
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=')
            {
                bytes.Add(Convert.FromHexString(text.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                bytes.Add((byte)(text[i] == '_' ? ' ' : text[i]));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"=\?UTF-8\?([QB])\?([^? ]*)\?=")]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"\?=[ \t]+=\?")]
    private static partial Regex BetweenWords();
}
