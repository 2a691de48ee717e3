using System.Security.Cryptography;

namespace Delivery.Contracts.Tokens;

/// <summary>A keyed hash that is set up once and used for token after token. Not thread-safe: each worker has its own.</summary>
public sealed class TokenSigner : IDisposable
{
    private readonly IncrementalHash _hash;

    internal TokenSigner(byte[] secret) => _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);

    public void Dispose() => _hash.Dispose();

    internal void Sign(ReadOnlySpan<byte> message, Span<byte> mac)
    {
        _hash.AppendData(message);
        _hash.GetHashAndReset(mac);
    }
}
