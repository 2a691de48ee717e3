using System.Security.Cryptography;
using Delivery.Contracts.Dkim;

namespace Delivery.Mta.Dkim;

/// <summary>A key that mail is signed with. Immutable; each signer opens a copy of its own, for <see cref="RSA"/> is not promised to be thread-safe.</summary>
internal sealed class DkimKey
{
    private readonly RSAParameters _parameters;

    private DkimKey(DkimKeyFile file, RSA key)
    {
        Domain = file.Domain;
        Selector = file.Selector;
        Bits = key.KeySize;
        _parameters = key.ExportParameters(includePrivateParameters: true);
    }

    public string Domain { get; }

    public string Selector { get; }

    public int Bits { get; }

    /// <exception cref="InvalidDataException">The file is not fit to sign with.</exception>
    public static DkimKey Read(DkimKeyFile file)
    {
        using var key = DkimPrivateKey.Read(file);
        return new DkimKey(file, key);
    }

    /// <summary>The caller's own.</summary>
    public RSA Open() => RSA.Create(_parameters);
}
