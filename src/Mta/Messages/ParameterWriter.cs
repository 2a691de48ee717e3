using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Writes parameters of MIME header fields, one a line and no line over 78 characters: a token or quoted-string where the value is short
/// ASCII, else RFC 2231's extended form in UTF-8, in numbered sections where it is long.
/// </summary>
internal static class ParameterWriter
{
    private const int MaxLine = 76;
    private const string Charset = "UTF-8''";

    /// <summary>Begins with ";" and CRLF, ends without a line end. The value has no control characters.</summary>
    public static void Write(string name, string value, ByteBuffer output)
    {
        // Readers decode encoded-words even where none may stand.
        if (Ascii.IsValid(value) && !value.Contains("=?", StringComparison.Ordinal) && value.Length + name.Length + value.Count(c => c is '"' or '\\') + 4 <= MaxLine)
            WriteShort(name, value, output);
        else
            WriteExtended(name, value, output);
    }

    private static void WriteShort(string name, string value, ByteBuffer output)
    {
        Begin(name, output);
        var token = value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        var text = token ? value : "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
        output.Write(Encoding.ASCII.GetBytes(text));
    }

    private static void WriteExtended(string name, string value, ByteBuffer output)
    {
        var pieces = new List<string>();
        foreach (var rune in value.EnumerateRunes())
            pieces.Add(Escape(rune));
        if (name.Length + 3 + Charset.Length + pieces.Sum(piece => piece.Length) <= MaxLine)
        {
            Begin(name + "*", output);
            output.Write(Encoding.ASCII.GetBytes(Charset + string.Concat(pieces)));
            return;
        }

        var section = new StringBuilder();
        var number = 0;
        foreach (var piece in pieces)
        {
            var head = $"{name}*{number}*";
            if (section.Length == 0 && number == 0)
                section.Append(Charset);
            if (head.Length + 3 + section.Length + piece.Length > MaxLine)
            {
                Begin(head, output);
                output.Write(Encoding.ASCII.GetBytes(section.ToString()));
                section.Clear();
                number++;
            }
            section.Append(piece);
        }
        Begin($"{name}*{number}*", output);
        output.Write(Encoding.ASCII.GetBytes(section.ToString()));
    }

    private static void Begin(string name, ByteBuffer output)
    {
        output.Write(";\r\n "u8);
        output.Write(Encoding.ASCII.GetBytes(name));
        output.WriteByte((byte)'=');
    }

    /// <summary>RFC 2231's attribute-char as it is, all else percent-encoded as UTF-8.</summary>
    private static string Escape(Rune rune)
    {
        if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || "!#$&+-.^_`{|}~".Contains((char)rune.Value, StringComparison.Ordinal)))
            return rune.ToString();
        Span<byte> utf8 = stackalloc byte[4];
        var length = rune.EncodeToUtf8(utf8);
        var text = new StringBuilder();
        foreach (var c in utf8[..length])
            text.Append('%').Append("0123456789ABCDEF"[c >> 4]).Append("0123456789ABCDEF"[c & 15]);
        return text.ToString();
    }
}
