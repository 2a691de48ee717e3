using System.Buffers;
using System.Security.Cryptography;
using Delivery.Contracts.Dkim;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Dkim;

/// <summary>
/// Signs messages (RFC 6376, rsa-sha256, relaxed/relaxed). One for each composer: it owns its hash and its copies of the keys. Where no
/// domain has a key it does nothing.
/// </summary>
internal sealed class DkimSigner(DkimKeys keys) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly SignedFields _fields = new();
    private readonly ByteBuffer _field = new(2 * 1024);
    private readonly ByteBuffer _canonical = new(2 * 1024);
    private readonly Dictionary<DkimKey, RSA> _open = [];
    private BodyHash? _body;
    private DkimTable _table = DkimTable.Empty;

    /// <summary>
    /// Writes a DKIM-Signature for each active key of the domain, or nothing where it has none. They belong in front of the message.
    /// </summary>
    /// <param name="domain">The From address's, in ASCII.</param>
    /// <param name="message">From its first field on, with CRLF line ends only.</param>
    /// <param name="tail">What follows it.</param>
    /// <param name="date">When it is signed.</param>
    /// <exception cref="CryptographicException">A key does not sign. Nothing was written.</exception>
    public void Sign(ReadOnlySpan<char> domain, ReadOnlySpan<byte> message, ReadOnlySpan<byte> tail, DateTimeOffset date, IBufferWriter<byte> output)
    {
        var table = keys.Current;
        if (table != _table)
            Follow(table);
        var active = table.Find(domain);
        if (active.Length == 0)
            return;
        Span<byte> bodyHash = stackalloc byte[SHA256.HashSizeInBytes];
        var header = message.IndexOf("\r\n\r\n"u8) + 2;
        _body ??= new BodyHash(_hash);
        _body.Append(message[(header + 2)..]);
        _body.Append(tail);
        _body.Finish(bodyHash);
        _fields.Read(message[..header]);
        _field.Clear();
        foreach (var key in active)
            Sign(key, date, bodyHash);
        output.Write(_field.Written);
        keys.CountSignatures(active.Length);
    }

    public void Dispose()
    {
        Follow(DkimTable.Empty);
        _hash.Dispose();
    }

    private void Sign(DkimKey key, DateTimeOffset date, ReadOnlySpan<byte> bodyHash)
    {
        if (!_open.TryGetValue(key, out var rsa))
            _open.Add(key, rsa = key.Open());
        var start = _field.Length;
        SignatureField.Begin(key, date, _fields.Names.Written, bodyHash, _field);
        _canonical.Clear();
        SignedFields.Relax(_field.Written[start..], _canonical);
        _hash.AppendData(_fields.Canonical.Written);
        _hash.AppendData(_canonical.Written);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        Span<byte> signature = stackalloc byte[DkimPrivateKey.MaxBits / 8];
        var length = rsa.SignHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SignatureField.End(signature[..length], _field);
    }

    /// <summary>Closes the keys that are gone.</summary>
    private void Follow(DkimTable table)
    {
        foreach (var (key, rsa) in _open)
        {
            if (table.Contains(key))
                continue;
            rsa.Dispose();
            _open.Remove(key);
        }

        _table = table;
    }
}
