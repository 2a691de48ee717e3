using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Delivery.Contracts;

/// <summary>
/// A keyed hash of (account, normalized address): the same person across jobs, suppressions and erasure, without the address.
/// HMAC-SHA-256 cut to 128 bits; without the secret nobody can test an address against it.
/// </summary>
public readonly record struct RecipientKey(ulong High, ulong Low)
{
    /// <summary>Bytes of a key.</summary>
    public const int Size = 16;

    private const int MaxAddressBytes = 1024;

    /// <summary>
    /// The key of an address. Case is folded in the whole address (no mailbox provider tells addresses apart by case),
    /// white space around it is ignored, the domain is taken as an A-label where it is a valid IDN.
    /// </summary>
    /// <exception cref="ArgumentException">The address is empty or over 1,024 bytes.</exception>
    public static RecipientKey Of(ReadOnlySpan<byte> secret, uint account, string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        var normalized = Normalize(address);
        Span<byte> message = stackalloc byte[4 + MaxAddressBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(message, account);
        if (!Encoding.UTF8.TryGetBytes(normalized, message[4..], out var length))
            throw new ArgumentException("The address is over 1,024 bytes.", nameof(address));
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, message[..(4 + length)], mac);
        return Read(mac);
    }

    /// <summary>The address as it is compared: trimmed, lower case, domain as an A-label.</summary>
    public static string Normalize(string address)
    {
        var trimmed = address.Trim();
        var at = trimmed.LastIndexOf('@');
        if (at < 0)
            return trimmed.ToLowerInvariant();
        return string.Concat(trimmed.AsSpan(0, at).ToString().ToLowerInvariant(), "@", ALabel(trimmed[(at + 1)..]));
    }

    /// <summary>Reads the first 16 bytes.</summary>
    public static RecipientKey Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    /// <summary>Reads 32 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out RecipientKey key)
    {
        key = default;
        if (hex.Length != 2 * Size
            || !ulong.TryParse(hex[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(hex[16..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
            return false;
        key = new RecipientKey(high, low);
        return true;
    }

    /// <summary>Writes 16 bytes, the order of <see cref="ToString"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <summary>The 16 bytes of <see cref="CopyTo"/>.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");

    private static string ALabel(string domain)
    {
        var lower = domain.ToLowerInvariant();
        if (Ascii.IsValid(lower))
            return lower;
        try
        {
            return new IdnMapping().GetAscii(lower);
        }
        catch (ArgumentException)
        {
            return lower;
        }
    }
}
