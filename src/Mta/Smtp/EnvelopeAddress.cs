using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Delivery.Mta.Smtp;

/// <summary>The last look at an address before it becomes part of a command. Thread-safe.</summary>
internal static class EnvelopeAddress
{
    /// <summary>Octets of a local part, RFC 5321 section 4.5.3.1.1.</summary>
    public const int MaxLocalBytes = 64;

    /// <summary>Octets of a domain, RFC 5321 section 4.5.3.1.2.</summary>
    public const int MaxDomainBytes = 255;

    /// <summary>Octets of a path with its angle brackets, RFC 5321 section 4.5.3.1.3.</summary>
    public const int MaxPathBytes = 256;

    private static readonly SearchValues<byte> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 33).Select(i => (byte)i), (byte)'<', (byte)'>', 127]);

    /// <summary>
    /// Whether the address can stand between angle brackets without meaning anything else: well-formed UTF-8,
    /// no control character, space or angle bracket, a local part, an '@', a domain, each within its length.
    /// Quoted local parts with spaces are legal mail and refused here: the safe side of an old source of injections.
    /// </summary>
    public static bool IsSafe(ReadOnlySpan<byte> address)
    {
        if (address.Length > MaxPathBytes - 2 || address.ContainsAny(Forbidden)) return false;
        var at = address.LastIndexOf((byte)'@');
        if (at is < 1 or > MaxLocalBytes) return false;
        var domain = address.Length - at - 1;
        if (domain is < 1 or > MaxDomainBytes) return false;
        return Ascii.IsValid(address) || (Utf8.IsValid(address) && !HasUnicodeControls(address));
    }

    /// <summary>C1 controls and the line and paragraph separators, which some peers take for line ends.</summary>
    private static bool HasUnicodeControls(ReadOnlySpan<byte> address)
    {
        while (!address.IsEmpty)
        {
            Rune.DecodeFromUtf8(address, out var rune, out var used);
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029) return true;
            address = address[used..];
        }
        return false;
    }
}
