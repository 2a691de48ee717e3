using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace Delivery.Mta.Smtp;

/// <summary>
/// Gathers commands and bodies so that what belongs together leaves in one write. The buffer lives as long as the
/// connection. Addresses must have passed <see cref="MessageCheck"/>. Not thread-safe.
/// </summary>
internal sealed class SmtpWriter
{
    /// <summary>The most of a body that leaves in one write.</summary>
    private const int BlockBytes = 64 * 1024;

    /// <summary>Room beyond the block for the next message's RSET, MAIL, RCPT and DATA or BDAT.</summary>
    private const int CommandBytes = 1024;

    private readonly byte[] _buffer = new byte[BlockBytes + CommandBytes];
    private DotStuffer _stuffer;
    private int _length;

    public bool HasBytes => _length > 0;

    /// <summary>Gets what <see cref="Mail"/>, <see cref="Rcpt"/>, <see cref="Data"/>, <see cref="Bdat"/> and <see cref="Rset"/> write, and nothing else; null where nobody watches.</summary>
    public SessionWatch? Watch { get; set; }

    public void Ehlo(string name) => Line("EHLO "u8, name);

    public void Helo(string name) => Line("HELO "u8, name);

    public void StartTls() => Append("STARTTLS\r\n"u8);

    /// <summary>A command or an answer to a challenge, without its line end; at most 12,288 bytes.</summary>
    public void Line(ReadOnlySpan<byte> line)
    {
        Append(line);
        Append("\r\n"u8);
    }

    public void Data() => Transaction("DATA\r\n"u8);

    public void Rset() => Transaction("RSET\r\n"u8);

    public void Quit() => Append("QUIT\r\n"u8);

    /// <summary>Any command that carries no address.</summary>
    public void Command(ReadOnlySpan<byte> lines) => Append(lines);

    /// <summary>Ends a body of no lines: what a peer gets that says 354 for a message that it refused.</summary>
    public void LoneDot() => Append(".\r\n"u8);

    /// <summary><c>"MAIL FROM:" Reverse-path [SP Mail-parameters]</c>, with the parameters that are offered and of use.</summary>
    public void Mail(OutgoingMessage message, SmtpCapabilities peer)
    {
        var from = message.EnvelopeFrom.Span;
        var body = message.Body.Span;
        var start = _length;
        Append("MAIL FROM:<"u8);
        Append(from);
        Append(">"u8);
        if (peer.Size)
        {
            Append(" SIZE="u8);
            Utf8Formatter.TryFormat(message.Length, _buffer.AsSpan(_length), out var digits);
            _length += digits;
        }

        var bodyIsAscii = Ascii.IsValid(body);
        if (peer.EightBitMime && !bodyIsAscii) Append(" BODY=8BITMIME"u8);
        if (peer.SmtpUtf8 && (!Ascii.IsValid(from) || !Ascii.IsValid(message.EnvelopeTo.Span)
            || (!bodyIsAscii && !Ascii.IsValid(Header(body)))))
            Append(" SMTPUTF8"u8);
        Append("\r\n"u8);
        Watch?.Sent(_buffer.AsSpan(start, _length - start));
    }

    /// <summary><c>"RCPT TO:" Forward-path</c></summary>
    public void Rcpt(OutgoingMessage message)
    {
        var start = _length;
        Append("RCPT TO:<"u8);
        Append(message.EnvelopeTo.Span);
        Append(">\r\n"u8);
        Watch?.Sent(_buffer.AsSpan(start, _length - start));
    }

    /// <summary><c>"BDAT" SP chunk-size SP "LAST"</c> (RFC 3030): the message's only chunk follows.</summary>
    public void Bdat(long octets)
    {
        var start = _length;
        Append("BDAT "u8);
        Utf8Formatter.TryFormat(octets, _buffer.AsSpan(_length), out var digits);
        _length += digits;
        Append(" LAST\r\n"u8);
        Watch?.Sent(_buffer.AsSpan(start, _length - start));
    }

    /// <summary>Gathers octets of a chunk as they are and returns how many; none while the block is full and to be flushed.</summary>
    public int Octets(ReadOnlySpan<byte> octets)
    {
        var taken = Math.Clamp(BlockBytes - _length, 0, octets.Length);
        Append(octets[..taken]);
        return taken;
    }

    /// <summary>Ends a chunk's last line.</summary>
    public void EndLine() => Append("\r\n"u8);

    /// <summary>
    /// The dot-stuffed body, its shared tail and the final dot. On return the last block, the dot in it, is still
    /// here, to leave with the next <see cref="FlushAsync"/>; blocks before it have been written.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask BodyAsync(OutgoingMessage message, Stream stream, SmtpDeadline deadline, TimeSpan timeout)
    {
        var body = message.Body;
        var tail = message.SharedTail;
        while (true)
        {
            Stuff(ref body);
            if (body.IsEmpty) Stuff(ref tail);
            if (body.IsEmpty && tail.IsEmpty && _length + DotStuffer.MaxFinishBytes <= BlockBytes) break;
            await FlushAsync(stream, deadline, timeout);
        }
        _length += _stuffer.Finish(_buffer.AsSpan(_length));
    }

    /// <summary>Writes all that was gathered. On return the socket has taken it; the peer need not have.</summary>
    public ValueTask FlushAsync(Stream stream, SmtpDeadline deadline, TimeSpan timeout)
    {
        var write = stream.WriteAsync(_buffer.AsMemory(0, _length), deadline.Token);
        _length = 0;
        if (!write.IsCompleted) deadline.Arm(timeout);
        return write;
    }

    private void Stuff(ref ReadOnlyMemory<byte> body)
    {
        _stuffer.Copy(body.Span, _buffer.AsSpan(_length, BlockBytes - _length), out var consumed, out var written);
        _length += written;
        body = body[consumed..];
    }

    private void Line(ReadOnlySpan<byte> command, string argument)
    {
        Append(command);
        _length += Encoding.ASCII.GetBytes(argument, _buffer.AsSpan(_length));
        Append("\r\n"u8);
    }

    private void Transaction(ReadOnlySpan<byte> command)
    {
        Append(command);
        Watch?.Sent(command);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>A message up to the empty line.</summary>
    public static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> body)
    {
        var end = body.IndexOf("\r\n\r\n"u8);
        return end < 0 ? body : body[..end];
    }
}
