using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Delivery.Mta.Smtp.Security;

/// <summary>
/// One exchange of SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding: the password is not sent, and the server
/// proves that it knows it too. Faults of the server's messages are <see cref="InvalidDataException"/>s that quote nothing.
/// </summary>
/// <param name="nonce">Printable ASCII without a comma, never used before.</param>
internal sealed class ScramClient(string user, string password, string nonce)
{
    /// <summary>RFC 7677 section 4: fewer make a stolen answer cheap to guess from.</summary>
    public const int MinIterations = 4096;

    /// <summary>About half a second of one core; more would let a server keep us busy.</summary>
    public const int MaxIterations = 1_000_000;

    private const int MaxNonceLength = 256;
    private const int MaxSaltBytes = 128;

    /// <summary>"n,,": no channel binding, no other identity.</summary>
    private const string Header = "n,,";

    private readonly string _firstBare = $"n={user.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={nonce}";
    private byte[] _serverSignature = [];

    public static string NewNonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));

    public byte[] First() => Encoding.UTF8.GetBytes(Header + _firstBare);

    /// <summary>The proof that answers the server's first message.</summary>
    public byte[] Final(ReadOnlySpan<byte> serverFirst)
    {
        var text = Read(serverFirst);
        var parts = text.Split(',');
        if (parts[0].StartsWith("m=", StringComparison.Ordinal)) throw new InvalidDataException("asks for an extension of SCRAM that is not known");
        if (parts.Length < 3 || !parts[0].StartsWith("r=", StringComparison.Ordinal) || !parts[1].StartsWith("s=", StringComparison.Ordinal)
            || !parts[2].StartsWith("i=", StringComparison.Ordinal))
            throw new InvalidDataException("sent no SCRAM challenge");
        var whole = parts[0][2..];
        if (whole.Length > MaxNonceLength || whole.Length <= nonce.Length || !whole.StartsWith(nonce, StringComparison.Ordinal))
            throw new InvalidDataException("sent a nonce that does not begin with ours, adds nothing to it or is too long");
        if (!TryDecode(parts[1].AsSpan(2), out var salt) || salt.Length is 0 or > MaxSaltBytes)
            throw new InvalidDataException("sent a salt that is none");
        if (!int.TryParse(parts[2].AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations is < MinIterations or > MaxIterations)
            throw new InvalidDataException($"asks for a number of iterations outside {MinIterations} to {MaxIterations}");

        var withoutProof = $"c={Convert.ToBase64String(Encoding.ASCII.GetBytes(Header))},r={whole}";
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var authMessage = Encoding.UTF8.GetBytes($"{_firstBare},{text},{withoutProof}");
        var proof = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(proof), authMessage);
        for (var i = 0; i < proof.Length; i++) proof[i] ^= signature[i];
        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), authMessage);
        return Encoding.ASCII.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    /// <summary>Whether the server's last message proves that it knows the password.</summary>
    public bool Verify(ReadOnlySpan<byte> serverFinal)
    {
        var text = Read(serverFinal);
        return _serverSignature.Length > 0 && text.StartsWith("v=", StringComparison.Ordinal) && TryDecode(text.AsSpan(2), out var signature)
            && CryptographicOperations.FixedTimeEquals(signature, _serverSignature);
    }

    private static bool TryDecode(ReadOnlySpan<char> base64, out byte[] bytes)
    {
        bytes = new byte[base64.Length];
        var sound = Convert.TryFromBase64Chars(base64, bytes, out var length);
        bytes = bytes[..length];
        return sound;
    }

    private static string Read(ReadOnlySpan<byte> message) =>
        System.Text.Unicode.Utf8.IsValid(message) ? Encoding.UTF8.GetString(message) : throw new InvalidDataException("sent what is not UTF-8");
}
