using System.Buffers.Text;
using System.Text;

namespace Delivery.Cli.Sink;

/// <summary>Reads the parts of a command line that a sink acts on.</summary>
internal static class SinkCommand
{
    /// <summary>The line's verb is the given one, in any case, followed by a space or the end.</summary>
    public static bool Is(ReadOnlySpan<byte> line, ReadOnlySpan<byte> verb) =>
        line.Length >= verb.Length && Ascii.EqualsIgnoreCase(line[..verb.Length], verb)
        && (line.Length == verb.Length || line[verb.Length] == (byte)' ');

    /// <summary>
    /// Reads <c>"MAIL FROM:" path [SP parameters]</c> or <c>"RCPT TO:" path [SP parameters]</c>; the path may stand
    /// without angle brackets, as many clients write it.
    /// </summary>
    public static bool TryReadPath(ReadOnlySpan<byte> line, ReadOnlySpan<byte> verb, out string path, out ReadOnlySpan<byte> parameters)
    {
        path = "";
        parameters = default;
        if (line.Length < verb.Length || !Ascii.EqualsIgnoreCase(line[..verb.Length], verb)) return false;
        var rest = line[verb.Length..].Trim((byte)' ');
        int end;
        if (rest.Length > 0 && rest[0] == (byte)'<')
        {
            end = rest.IndexOf((byte)'>');
            if (end < 0) return false;
            path = Encoding.UTF8.GetString(rest[1..end]);
            end++;
        }
        else
        {
            end = rest.IndexOf((byte)' ');
            if (end < 0) end = rest.Length;
            if (end == 0) return false;
            path = Encoding.UTF8.GetString(rest[..end]);
        }
        parameters = rest[end..];
        return true;
    }

    /// <summary>The value of SIZE= among MAIL's parameters (RFC 1870); 0 where there is none.</summary>
    public static long Size(ReadOnlySpan<byte> parameters)
    {
        while (!parameters.IsEmpty)
        {
            parameters = parameters.TrimStart((byte)' ');
            var end = parameters.IndexOf((byte)' ');
            var one = end < 0 ? parameters : parameters[..end];
            if (one.Length > 5 && Ascii.EqualsIgnoreCase(one[..5], "SIZE="u8) && Utf8Parser.TryParse(one[5..], out long size, out _)) return size;
            parameters = end < 0 ? default : parameters[end..];
        }
        return 0;
    }
}
