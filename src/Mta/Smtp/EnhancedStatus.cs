using System.Globalization;

namespace Delivery.Mta.Smtp;

/// <summary>An RFC 3463 status such as 5.1.1. The default value means that the reply carried none.</summary>
/// <param name="Class">2, 4 or 5; 0 for none.</param>
/// <param name="Subject">0 to 999.</param>
/// <param name="Detail">0 to 999.</param>
internal readonly record struct EnhancedStatus(byte Class, ushort Subject, ushort Detail)
{
    public bool IsPresent => Class != 0;

    /// <summary>
    /// Reads <c>class "." subject "." detail</c> from the start of a reply's text (RFC 2034 section 4), followed
    /// by a space or the end. <paramref name="length"/> covers the status and the spaces after it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out EnhancedStatus status, out int length)
    {
        status = default;
        length = 0;
        if (text.Length < 5 || text[0] is not ((byte)'2' or (byte)'4' or (byte)'5') || text[1] != (byte)'.') return false;
        var at = 2;
        if (!TryParseNumber(text, ref at, out var subject) || at >= text.Length || text[at] != (byte)'.') return false;
        at++;
        if (!TryParseNumber(text, ref at, out var detail)) return false;
        if (at < text.Length && text[at] != (byte)' ') return false;
        while (at < text.Length && text[at] == (byte)' ') at++;
        status = new EnhancedStatus((byte)(text[0] - '0'), subject, detail);
        length = at;
        return true;
    }

    public override string ToString() =>
        IsPresent ? string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}") : "";

    private static bool TryParseNumber(ReadOnlySpan<byte> text, ref int at, out ushort number)
    {
        var start = at;
        var value = 0;
        while (at < text.Length && at - start < 3 && char.IsAsciiDigit((char)text[at])) value = value * 10 + text[at++] - '0';
        number = (ushort)value;
        return at > start;
    }
}
