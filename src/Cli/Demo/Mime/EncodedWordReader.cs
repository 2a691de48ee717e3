using System.Text;
using System.Text.RegularExpressions;

namespace Delivery.Cli.Demo.Mime;

/// <summary>Encoded-words (RFC 2047) in UTF-8 and US-ASCII. White space between two of them is no text.</summary>
internal static partial class EncodedWordReader
{
    public static string Decode(string value)
    {
        var text = new StringBuilder();
        var end = 0;
        foreach (Match word in Word().Matches(value))
        {
            var between = value[end..word.Index];
            if (end == 0 || !string.IsNullOrWhiteSpace(between))
                text.Append(between);
            text.Append(Encoding.UTF8.GetString(word.Groups[1].ValueSpan is "B" or "b" ? Convert.FromBase64String(word.Groups[2].Value) : FromQ(word.Groups[2].ValueSpan)));
            end = word.Index + word.Length;
        }

        return text.Append(value, end, value.Length - end).ToString();
    }

    private static byte[] FromQ(ReadOnlySpan<char> text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 2 < text.Length)
            {
                bytes.Add(Convert.FromHexString(text.Slice(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                bytes.Add(text[i] == '_' ? (byte)' ' : (byte)text[i]);
            }
        }

        return [.. bytes];
    }

    [GeneratedRegex(@"=\?(?:utf-8|us-ascii)(?:\*[A-Za-z-]+)?\?([BbQq])\?([!->@-~]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}
