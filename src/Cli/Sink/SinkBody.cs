using System.Buffers;

namespace Delivery.Cli.Sink;

/// <summary>
/// Takes what follows DATA, cut anywhere, up to CRLF.CRLF and nothing else (RFC 5321 section 4.5.2), and undoes
/// dot-stuffing. Used for one message after the other. Not thread-safe.
/// </summary>
internal sealed class SinkBody(int maxBytes)
{
    private const int KeptBytes = 1024 * 1024;

    private ArrayBufferWriter<byte> _bytes = new(16 * 1024);
    private bool _atLineStart = true;

    /// <summary>The message was longer than its cap; what was kept of it is not whole.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>True when the final dot was reached; <paramref name="consumed"/> then covers its line. Else give the rest again with more.</summary>
    public bool Take(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            var rest = input[consumed..];
            if (_atLineStart)
            {
                if (rest.StartsWith(".\r\n"u8))
                {
                    consumed += 3;
                    return true;
                }
                // Nothing, a dot or a dot and a CR: what comes next decides.
                if (rest.Length < 3 && ".\r\n"u8.StartsWith(rest)) return false;
                if (rest[0] == (byte)'.')
                {
                    rest = rest[1..];
                    consumed++;
                }
                _atLineStart = false;
            }

            var line = rest.IndexOf("\r\n."u8);
            if (line >= 0)
            {
                Keep(rest[..(line + 2)]);
                consumed += line + 2;
                _atLineStart = true;
                continue;
            }

            var held = rest.EndsWith("\r\n"u8) ? 2 : rest.EndsWith("\r"u8) ? 1 : 0;
            Keep(rest[..^held]);
            consumed += rest.Length - held;
            return false;
        }
    }

    /// <summary>The message; this is then ready for the next one.</summary>
    public byte[] Finish()
    {
        var message = IsTooLong ? [] : _bytes.WrittenSpan.ToArray();
        if (_bytes.Capacity > KeptBytes) _bytes = new ArrayBufferWriter<byte>(16 * 1024);
        else _bytes.ResetWrittenCount();
        IsTooLong = false;
        _atLineStart = true;
        return message;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        IsTooLong |= bytes.Length > maxBytes - _bytes.WrittenCount;
        if (!IsTooLong) _bytes.Write(bytes);
    }
}
