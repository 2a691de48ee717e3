namespace Delivery.Mta.Smtp;

/// <summary>
/// CR and LF as mail has them, only ever together (RFC 5321 section 2.3.8): some peers take either alone for a line
/// end, and so for a way to smuggle commands. Thread-safe.
/// </summary>
internal static class LineEnds
{
    /// <summary>Whether each CR is followed by LF and each LF preceded by CR.</summary>
    public static bool AreClean(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var at = text.IndexOfAny((byte)'\r', (byte)'\n');
            if (at < 0) return true;
            if (text[at] == (byte)'\n' || at + 1 == text.Length || text[at + 1] != (byte)'\n') return false;
            text = text[(at + 2)..];
        }
    }

    /// <summary>A copy in which a CR or LF that stands alone is CRLF.</summary>
    public static byte[] Clean(ReadOnlySpan<byte> text)
    {
        var clean = new byte[Write(text, default)];
        Write(text, clean);
        return clean;
    }

    /// <summary>Returns the bytes of the clean text; writes it unless the destination is empty.</summary>
    private static int Write(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var written = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var isEnd = text[at] is (byte)'\r' or (byte)'\n';
            if (text[at] == (byte)'\r' && at + 1 < text.Length && text[at + 1] == (byte)'\n') at++;
            if (!destination.IsEmpty)
            {
                if (isEnd) "\r\n"u8.CopyTo(destination[written..]);
                else destination[written] = text[at];
            }
            written += isEnd ? 2 : 1;
        }
        return written;
    }
}
