using System.Security.Cryptography;
using Delivery.Contracts.Dkim;

namespace Delivery.Cli.Dkim;

/// <summary>The TXT record that others verify signatures with (RFC 6376 section 3.6.1).</summary>
/// <param name="Name">Without a dot at its end.</param>
/// <param name="Value">In one piece.</param>
internal sealed record DkimRecord(string Name, string Value)
{
    /// <summary>Bytes of one string of a TXT record (RFC 1035 section 3.3).</summary>
    private const int MaxString = 255;

    /// <summary>A line of a zone file, the value cut into strings that a record can hold.</summary>
    public string ZoneLine => $"{Name}. IN TXT {string.Join(' ', Value.Chunk(MaxString).Select(piece => $"\"{new string(piece)}\""))}";

    public static DkimRecord Of(DkimKeyFile file, RSA key) =>
        new(DkimNames.RecordName(file.Domain, file.Selector), "v=DKIM1; k=rsa; p=" + Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()));
}
