using System.Buffers;
using System.Buffers.Text;

namespace Delivery.Cli.Demo.Mime;

/// <summary>Content-Transfer-Encoding, read strictly: what a lenient client would repair is an error here, so that a fault in a message shows.</summary>
internal static class TransferDecoding
{
    private const int MaxEncodedLine = 76;

    /// <exception cref="FormatException">The encoding is unknown or the content does not follow it.</exception>
    public static byte[] Decode(string encoding, ReadOnlySpan<byte> content) => encoding.Trim().ToLowerInvariant() switch
    {
        "7bit" => Plain(content, 127),
        "8bit" => Plain(content, 255),
        "quoted-printable" => QuotedPrintable(content),
        "base64" => FromBase64(content),
        var other => throw new FormatException($"the transfer encoding '{other}' is unknown"),
    };

    private static byte[] Plain(ReadOnlySpan<byte> content, byte highest)
    {
        foreach (var octet in content)
        {
            if (octet > highest || octet == 0)
                throw new FormatException($"octet {octet} stands in content that says it is plain");
        }

        return content.ToArray();
    }

    private static byte[] QuotedPrintable(ReadOnlySpan<byte> content)
    {
        var output = new ArrayBufferWriter<byte>(content.Length + 1);
        while (!content.IsEmpty)
        {
            var end = content.IndexOf("\r\n"u8);
            var line = end < 0 ? content : content[..end];
            content = end < 0 ? default : content[(end + 2)..];
            if (line.Length > MaxEncodedLine)
                throw new FormatException($"a quoted-printable line has {line.Length} octets, more than {MaxEncodedLine}");
            if (!line.IsEmpty && line[^1] is (byte)' ' or (byte)'\t')
                throw new FormatException("a quoted-printable line ends with a blank");
            var soft = !line.IsEmpty && line[^1] == '=';
            QuotedLine(soft ? line[..^1] : line, output);
            if (!soft && end >= 0)
                output.Write("\r\n"u8);
        }

        return output.WrittenSpan.ToArray();
    }

    private static void QuotedLine(ReadOnlySpan<byte> line, ArrayBufferWriter<byte> output)
    {
        for (var i = 0; i < line.Length; i++)
        {
            var octet = line[i];
            if (octet == '=')
            {
                if (i + 2 >= line.Length || !Utf8Parser.TryParse(line.Slice(i + 1, 2), out octet, out var read, 'x') || read != 2)
                    throw new FormatException("'=' is not followed by two hex digits");
                i += 2;
            }
            else if (octet is not (byte)'\t' and (< 0x20 or > 0x7E))
            {
                throw new FormatException($"octet {octet} stands in quoted-printable content");
            }

            output.Write([octet]);
        }
    }

    private static byte[] FromBase64(ReadOnlySpan<byte> content)
    {
        var compact = new ArrayBufferWriter<byte>(content.Length + 1);
        while (!content.IsEmpty)
        {
            var end = content.IndexOf("\r\n"u8);
            var line = end < 0 ? content : content[..end];
            content = end < 0 ? default : content[(end + 2)..];
            if (line.Length > MaxEncodedLine)
                throw new FormatException($"a base64 line has {line.Length} octets, more than {MaxEncodedLine}");
            compact.Write(line);
        }

        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(compact.WrittenCount)];
        if (Base64.DecodeFromUtf8(compact.WrittenSpan, decoded, out var consumed, out var written) != OperationStatus.Done || consumed != compact.WrittenCount)
            throw new FormatException("the content is not base64");
        return decoded[..written];
    }
}
