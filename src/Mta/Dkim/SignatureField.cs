using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Dkim;

/// <summary>
/// Writes the DKIM-Signature field (RFC 6376 section 3.5) but for its signature, folded so that every line has less than 78 characters, a
/// longer domain or selector apart. No <c>l=</c>: it would let others add to the body. No <c>x=</c>: mail that waited long is no worse.
/// No <c>i=</c>: it says nothing that <c>d=</c> does not.
/// </summary>
internal static class SignatureField
{
    private const int MaxLine = 77;

    /// <summary>Up to and with <c>b=</c>; the signature goes right behind it.</summary>
    public static void Begin(DkimKey key, DateTimeOffset date, ReadOnlySpan<byte> names, ReadOnlySpan<byte> bodyHash, ByteBuffer output)
    {
        output.Write("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; t="u8);
        date.ToUnixTimeSeconds().TryFormat(output.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
        output.Write(";\r\n d="u8);
        Ascii(key.Domain, output);
        output.Write(";\r\n s="u8);
        Ascii(key.Selector, output);
        output.Write(";\r\n h="u8);
        WriteNames(names, output);
        output.Write(";\r\n bh="u8);
        Base64.EncodeToUtf8(bodyHash, output.GetSpan(48), out _, out written);
        output.Advance(written);
        output.Write(";\r\n b="u8);
    }

    /// <summary>The signature, and the end of the field.</summary>
    public static void End(ReadOnlySpan<byte> signature, ByteBuffer output)
    {
        const string Lead = " b=";
        var text = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(signature.Length) * 2);
        Base64.EncodeToUtf8(signature, text, out _, out var length);
        // From the last line to the first, so that each moves once to where nothing stands yet.
        var first = Math.Min(length, MaxLine - Lead.Length);
        const int PerLine = MaxLine - 1;
        var further = (length - first + PerLine - 1) / PerLine;
        for (var line = further - 1; line >= 0; line--)
        {
            var from = first + line * PerLine;
            var to = from + (line + 1) * 3;
            text[from..Math.Min(length, from + PerLine)].CopyTo(text[to..]);
            "\r\n "u8.CopyTo(text[(to - 3)..]);
        }

        output.Advance(length + further * 3);
        output.Write("\r\n"u8);
    }

    private static void WriteNames(ReadOnlySpan<byte> names, ByteBuffer output)
    {
        var column = 3;
        while (!names.IsEmpty)
        {
            var end = names.IndexOf((byte)':');
            var name = end < 0 ? names : names[..(end + 1)];
            if (column + name.Length + 1 > MaxLine)
            {
                output.Write("\r\n "u8);
                column = 1;
            }

            output.Write(name);
            column += name.Length;
            names = names[name.Length..];
        }
    }

    private static void Ascii(string text, ByteBuffer output) => output.Advance(Encoding.ASCII.GetBytes(text, output.GetSpan(text.Length)));
}
