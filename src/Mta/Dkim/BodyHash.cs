using System.Security.Cryptography;

namespace Delivery.Mta.Dkim;

/// <summary>
/// Hashes a body in its relaxed form (RFC 6376 section 3.4.4), which may come in pieces cut anywhere: runs of blanks become one space,
/// those at the end of a line and empty lines at the end of the body go. Allocates nothing. Not thread-safe.
/// </summary>
/// <param name="hash">SHA-256; between <see cref="Append"/> and <see cref="Finish"/> it is this one's alone.</param>
internal sealed class BodyHash(IncrementalHash hash)
{
    /// <summary>Shorter stretches are gathered before they are hashed: a call costs more than copying them.</summary>
    private const int DirectBytes = 1024;

    private readonly byte[] _gathered = new byte[4 * DirectBytes];
    private int _length;
    private bool _any;

    // What came since the last byte that is certain to stay, in the order in which it is written.
    private long _lines;
    private bool _blank;
    private bool _return;

    public void Append(ReadOnlySpan<byte> body)
    {
        // Up to here something solid follows, so that no line end can turn out to be one of the body's last.
        var solid = body.LastIndexOfAnyExcept(" \t\r\n"u8) + 1;
        var at = 0;
        while (at < solid)
        {
            if (!_return && !_blank && _lines == 0)
            {
                var run = RelaxedScan.Regular(body[at..solid]);
                Add(body.Slice(at, run));
                at += run;
            }

            if (at < solid)
                Step(body[at++]);
        }

        foreach (var c in body[solid..])
            Step(c);
    }

    /// <summary>Writes the hash and is ready for the next body.</summary>
    public void Finish(Span<byte> digest)
    {
        if (_return)
            Settle((byte)'\r');
        if (_any)
            Add("\r\n"u8);
        hash.AppendData(_gathered, 0, _length);
        hash.GetHashAndReset(digest);
        (_length, _any, _lines, _blank, _return) = (0, false, 0, false, false);
    }

    private void Step(byte c)
    {
        if (_return)
        {
            _return = false;
            if (c == (byte)'\n')
            {
                _lines++;
                _blank = false;
                return;
            }

            Settle((byte)'\r');
        }

        if (c is (byte)' ' or (byte)'\t')
            _blank = true;
        else if (c == (byte)'\r')
            _return = true;
        else
            Settle(c);
    }

    /// <summary>A byte that stays, and with it what came before it.</summary>
    private void Settle(byte c)
    {
        for (; _lines > 0; _lines--)
            Add("\r\n"u8);
        if (_blank)
            Add(" "u8);
        _blank = false;
        Add([c]);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        _any = true;
        if (_length + bytes.Length > _gathered.Length || bytes.Length >= DirectBytes)
        {
            hash.AppendData(_gathered, 0, _length);
            _length = 0;
        }

        if (bytes.Length >= DirectBytes)
        {
            hash.AppendData(bytes);
            return;
        }

        bytes.CopyTo(_gathered.AsSpan(_length));
        _length += bytes.Length;
    }
}
