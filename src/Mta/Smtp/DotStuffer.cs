namespace Delivery.Mta.Smtp;

/// <summary>
/// Turns a message into what follows DATA (RFC 5321 section 4.5.2): a dot that begins a line is doubled, and a
/// bare CR or LF, which some peers take for a line end and which so can smuggle commands, becomes CRLF. Keeps its
/// place between calls, so that source and destination can be cut anywhere. A mutable value: keep it in one place.
/// </summary>
internal struct DotStuffer
{
    /// <summary>The most bytes that <see cref="Finish"/> writes: CRLF, dot, CRLF.</summary>
    public const int MaxFinishBytes = 5;

    private bool _insideLine;
    private bool _pendingCr;

    /// <summary>
    /// Copies as much as fits. A return with the source not wholly consumed means that the destination is full;
    /// it makes progress whenever the destination has at least three bytes.
    /// </summary>
    public void Copy(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        while (consumed < source.Length)
        {
            if (_pendingCr)
            {
                if (!TryEndLine(destination, ref written)) return;
                if (source[consumed] == (byte)'\n') consumed++;
                continue;
            }

            if (!_insideLine && source[consumed] == (byte)'.')
            {
                if (destination.Length - written < 2) return;
                destination[written++] = (byte)'.';
                destination[written++] = (byte)'.';
                consumed++;
                _insideLine = true;
                continue;
            }

            var run = CleanRun(source[consumed..]);
            if (run > 0)
            {
                var room = Math.Min(run, destination.Length - written);
                if (room == 0) return;
                source.Slice(consumed, room).CopyTo(destination[written..]);
                consumed += room;
                written += room;
                // A run holds whole lines but for its last, so its last byte tells; a cut within CRLF is put right below.
                _insideLine = source[consumed - 1] != (byte)'\n';
                if (source[consumed - 1] == (byte)'\r')
                {
                    written--;
                    _pendingCr = true;
                }
                continue;
            }

            if (source[consumed] == (byte)'\r')
            {
                _pendingCr = true;
                consumed++;
            }
            else
            {
                if (!TryEndLine(destination, ref written)) return;
                consumed++;
            }
        }
    }

    /// <summary>Ends the last line if it is open and writes the final dot. Needs <see cref="MaxFinishBytes"/>; ready for the next message.</summary>
    public int Finish(Span<byte> destination)
    {
        var end = _insideLine || _pendingCr ? "\r\n.\r\n"u8 : ".\r\n"u8;
        end.CopyTo(destination);
        this = default;
        return end.Length;
    }

    private bool TryEndLine(Span<byte> destination, ref int written)
    {
        if (destination.Length - written < 2) return false;
        destination[written++] = (byte)'\r';
        destination[written++] = (byte)'\n';
        _pendingCr = false;
        _insideLine = false;
        return true;
    }

    /// <summary>The bytes that can be copied as they are: up to a bare CR or LF, a CR at the end, or a dot after CRLF.</summary>
    private static int CleanRun(ReadOnlySpan<byte> source)
    {
        var at = 0;
        while (true)
        {
            var next = source[at..].IndexOfAny((byte)'\r', (byte)'\n');
            if (next < 0) return source.Length;
            at += next;
            if (source[at] == (byte)'\n' || at + 1 == source.Length || source[at + 1] != (byte)'\n') return at;
            at += 2;
            if (at == source.Length || source[at] == (byte)'.') return at;
        }
    }
}
