using System.Buffers.Text;
using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>An attachment that was checked, ready to be written as a MIME part in base64.</summary>
internal sealed class AttachmentPart(string name, MediaType type, byte[] data, bool inline)
{
    /// <summary>76 characters of base64.</summary>
    private const int BytesPerLine = 57;
    private const int HeaderBytes = 4 * 1024;

    /// <summary>At least what <see cref="Write"/> writes, in bytes.</summary>
    public int MaxBytes => HeaderBytes + (data.Length + 2) / 3 * 4 + (data.Length / BytesPerLine + 1) * 2;

    /// <summary>Headers, an empty line and the data; the last line is left open.</summary>
    public void Write(ByteBuffer output)
    {
        output.Write("Content-Type: "u8);
        Ascii(type.Name, output);
        foreach (var (parameter, value) in type.Parameters)
            ParameterWriter.Write(parameter, value, output);
        // For readers that do not know RFC 2231: it is the disposition's name that others take.
        ParameterWriter.Write("name", Fallback(name), output);
        output.Write(inline ? "\r\nContent-ID: <"u8 : default);
        Ascii(inline ? name + ">" : "", output);
        output.Write(inline ? "\r\nContent-Disposition: inline"u8 : "\r\nContent-Disposition: attachment"u8);
        ParameterWriter.Write("filename", name, output);
        output.Write("\r\nContent-Transfer-Encoding: base64\r\n\r\n"u8);
        WriteData(output);
    }

    private void WriteData(ByteBuffer output)
    {
        var rest = data.AsSpan();
        while (!rest.IsEmpty)
        {
            var line = rest[..Math.Min(BytesPerLine, rest.Length)];
            rest = rest[line.Length..];
            var room = output.GetSpan(80);
            Base64.EncodeToUtf8(line, room, out _, out var written);
            output.Advance(written);
            if (!rest.IsEmpty)
                output.Write("\r\n"u8);
        }
    }

    /// <summary>The name in short ASCII, its ending kept.</summary>
    private static string Fallback(string name)
    {
        const int MaxStem = 48;
        const int MaxEnding = 10;
        var ascii = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
            ascii.Append(rune.IsAscii && rune.Value is not ('"' or '\\' or '?') ? (char)rune.Value : '_');
        var text = ascii.ToString();
        var dot = text.LastIndexOf('.');
        if (dot < 0 || text.Length - dot > MaxEnding)
            return text.Length <= MaxStem ? text : text[..MaxStem];
        return text[..Math.Min(dot, MaxStem)] + text[dot..];
    }

    private static void Ascii(string text, ByteBuffer output) => output.Write(Encoding.ASCII.GetBytes(text));
}
