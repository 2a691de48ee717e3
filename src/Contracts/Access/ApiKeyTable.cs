using System.Security.Cryptography;
using System.Text;

namespace Delivery.Contracts.Access;

/// <summary>
/// Tells the account and the rights of a bearer key. Compares digests, in constant time, against every key, so that neither a key's bytes
/// nor its place in the list shows in the time. Immutable and thread-safe.
/// </summary>
public sealed class ApiKeyTable
{
    private const int MinKeyLength = 16;
    private const int MaxKeyLength = 200;
    private readonly (byte[] Digest, uint Account, Right Rights)[] _keys;

    /// <exception cref="ArgumentException">An entry has neither key nor digest, or one out of form, or unknown rights; the message names its place, not its content.</exception>
    public ApiKeyTable(ApiKeyOptions options)
    {
        _keys = new (byte[], uint, Right)[options.ApiKeys.Count];
        for (var i = 0; i < _keys.Length; i++)
        {
            var entry = options.ApiKeys[i];
            if (entry.Account == 0)
                throw new ArgumentException($"Access:ApiKeys:{i}:Account is 0: accounts count from 1.");
            if (!RightNames.TryParse(entry.Rights, out var rights))
                throw new ArgumentException($"Access:ApiKeys:{i}:Rights must be 'all', or of 'submit', 'read' and 'admin' with commas between.");
            _keys[i] = (Digest(entry, i), entry.Account, rights);
        }
    }

    /// <param name="authorization">The Authorization header, <c>Bearer KEY</c>; the bare key is taken too, as SparkPost's users send it.</param>
    public bool TryAuthenticate(ReadOnlySpan<char> authorization, out uint account, out Right rights)
    {
        account = 0;
        rights = Right.None;
        var key = authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization[7..].Trim() : authorization.Trim();
        if (key.Length is 0 or > MaxKeyLength)
            return false;
        Span<byte> utf8 = stackalloc byte[MaxKeyLength * 3];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(key, utf8)], digest);
        foreach (var (known, owner, allowed) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known, digest))
                (account, rights) = (owner, allowed);
        }

        return account != 0;
    }

    private static byte[] Digest(ApiKeyEntry entry, int index)
    {
        if (entry.Key is { } key)
        {
            return key.Length is >= MinKeyLength and <= MaxKeyLength && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? SHA256.HashData(Encoding.UTF8.GetBytes(key))
                : throw new ArgumentException($"Access:ApiKeys:{index}:Key is not {MinKeyLength} to {MaxKeyLength} printable ASCII characters.");
        }

        if (entry.Sha256 is { Length: 64 } hex && hex.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(hex);
        throw new ArgumentException($"Access:ApiKeys:{index} needs Key, or Sha256 as 64 hex digits.");
    }
}
