using System.Buffers.Text;

namespace Delivery.Mta.Smtp;

/// <summary>The extensions that a peer's EHLO reply offers (RFC 5321 section 4.1.1.1).</summary>
internal sealed class SmtpCapabilities
{
    public bool Pipelining { get; private set; }

    public bool EightBitMime { get; private set; }

    public bool SmtpUtf8 { get; private set; }

    public bool Chunking { get; private set; }

    public bool StartTls { get; private set; }

    public bool EnhancedStatusCodes { get; private set; }

    /// <summary>SIZE is offered, with or without a limit (RFC 1870).</summary>
    public bool Size { get; private set; }

    /// <summary>The largest message that the peer takes, in bytes; 0 means that it names no limit.</summary>
    public long MaxBytes { get; private set; }

    /// <summary>The mechanisms after AUTH, as the peer wrote them; empty without AUTH.</summary>
    public string AuthMechanisms { get; private set; } = "";

    /// <summary>Takes in one line of the reply after the first, without its code. Unknown keywords are ignored.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        var keyword = space < 0 ? line : line[..space];
        var rest = space < 0 ? default : line[(space + 1)..].Trim((byte)' ');
        if (Is(keyword, "PIPELINING"u8)) Pipelining = true;
        else if (Is(keyword, "8BITMIME"u8)) EightBitMime = true;
        else if (Is(keyword, "SMTPUTF8"u8)) SmtpUtf8 = true;
        else if (Is(keyword, "CHUNKING"u8)) Chunking = true;
        else if (Is(keyword, "STARTTLS"u8)) StartTls = true;
        else if (Is(keyword, "ENHANCEDSTATUSCODES"u8)) EnhancedStatusCodes = true;
        else if (Is(keyword, "SIZE"u8)) AddSize(rest);
        else if (Is(keyword, "AUTH"u8)) AuthMechanisms = System.Text.Encoding.ASCII.GetString(rest);
    }

    private void AddSize(ReadOnlySpan<byte> limit)
    {
        Size = true;
        if (Utf8Parser.TryParse(limit, out long bytes, out var used) && used == limit.Length && bytes > 0) MaxBytes = bytes;
    }

    private static bool Is(ReadOnlySpan<byte> keyword, ReadOnlySpan<byte> name) =>
        System.Text.Ascii.EqualsIgnoreCase(keyword, name);
}
