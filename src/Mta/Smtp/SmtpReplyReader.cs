using System.Runtime.CompilerServices;
using Delivery.Mta.Smtp.Security;

namespace Delivery.Mta.Smtp;

/// <summary>
/// Reads a peer's replies (RFC 5321 section 4.2) one at a time, several from one segment where they come together.
/// A reply is only a code until <see cref="TakeReply"/> asks for more, so that the four of a smooth transaction
/// cost nothing. Not thread-safe.
/// </summary>
internal sealed class SmtpReplyReader
{
    private readonly int _maxLine;
    private readonly int _maxReply;
    private readonly int _maxLines;
    private readonly byte[] _buffer;
    private readonly SmtpReplyText _text = new();
    private int _start;
    private int _end;
    private int _lines;
    private int _bytes;
    private ushort _code;

    public SmtpReplyReader(SmtpOptions options)
    {
        _maxLine = options.MaxReplyLineBytes;
        _maxReply = options.MaxReplyBytes;
        _maxLines = options.MaxReplyLines;
        _buffer = new byte[_maxLine + 2];
    }

    /// <summary>Takes in the lines after the first while set; for EHLO's reply.</summary>
    public SmtpCapabilities? Capabilities { get; set; }

    /// <summary>Hides what <see cref="TakeReply"/> must not show; null where there are no credentials.</summary>
    public SecretScrubber? Scrubber { get; set; }

    /// <summary>Bytes came that no command asked for: the peer and we are out of step.</summary>
    public bool HasSurplus => _end > _start || _lines > 0;

    /// <summary>Forgets what was read ahead; what came in the clear says nothing once TLS has begun.</summary>
    public void Reset() => (_start, _end, _lines, _bytes) = (0, 0, 0, 0);

    /// <summary>
    /// The next reply's code, 200 to 599. The deadline is for the reply as a whole. Throws
    /// <see cref="SmtpConnectionException"/> when none comes or what comes is none.
    /// </summary>
    public ValueTask<ushort> ReadAsync(Stream stream, SmtpDeadline deadline, TimeSpan timeout) =>
        TryParse() ? new ValueTask<ushort>(_code) : ReadMoreAsync(stream, deadline, timeout);

    /// <summary>The last reply in full. Call before the next <see cref="ReadAsync"/>.</summary>
    public SmtpReply TakeReply() => _text.ToReply(_code, Scrubber);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ushort> ReadMoreAsync(Stream stream, SmtpDeadline deadline, TimeSpan timeout)
    {
        var armed = false;
        do
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }

            var read = stream.ReadAsync(_buffer.AsMemory(_end), deadline.Token);
            if (!armed && !read.IsCompleted)
            {
                deadline.Arm(timeout);
                armed = true;
            }
            var count = await read;
            if (count == 0) throw new SmtpConnectionException(SmtpLoss.Broken, "the peer closed the connection");
            _end += count;
        }
        while (!TryParse());
        return _code;
    }

    private bool TryParse()
    {
        while (true)
        {
            var unread = _buffer.AsSpan(_start, _end - _start);
            var newline = unread.IndexOf((byte)'\n');
            if (newline < 0)
            {
                if (unread.Length > _maxLine + 1) throw TooLong("a reply line", _maxLine);
                return false;
            }

            var line = unread[..newline];
            if (line.Length > 0 && line[^1] == (byte)'\r') line = line[..^1];
            if (line.Length > _maxLine) throw TooLong("a reply line", _maxLine);
            var last = TakeLine(line);
            _start += newline + 1;
            if (!last) continue;
            (_lines, _bytes) = (0, 0);
            return true;
        }
    }

    /// <summary><c>Reply-code [ SP textstring ]</c> or <c>Reply-code "-" [ textstring ]</c>; true for the first, which ends the reply.</summary>
    private bool TakeLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < 3 || line[0] is < (byte)'2' or > (byte)'5' || !char.IsAsciiDigit((char)line[1])
            || !char.IsAsciiDigit((char)line[2]) || (line.Length > 3 && line[3] is not ((byte)' ' or (byte)'-')))
            throw new SmtpConnectionException(SmtpLoss.Malformed, "the peer sent what is not an SMTP reply");

        var code = (ushort)((line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0');
        if (_lines == 0)
        {
            _code = code;
            _text.Clear();
        }
        else if (code != _code)
        {
            throw new SmtpConnectionException(SmtpLoss.Malformed, "the lines of the peer's reply differ in their codes");
        }

        _lines++;
        _bytes += line.Length + 2;
        if (_lines > _maxLines) throw TooLong("the lines of a reply", _maxLines);
        if (_bytes > _maxReply) throw TooLong("a reply", _maxReply);

        var text = line.Length > 4 ? line[4..] : default;
        if (_lines > 1) Capabilities?.Add(text);
        _text.Append(code, text);
        return line.Length == 3 || line[3] == (byte)' ';
    }

    private static SmtpConnectionException TooLong(string what, int cap) =>
        new(SmtpLoss.TooLong, $"{what} exceeded the cap of {cap}");
}
