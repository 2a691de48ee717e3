using System.Security.Cryptography;
using Delivery.Contracts.Dkim;
using Delivery.Mta.Dkim;
using Delivery.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Delivery.Mta.Tests.Dkim;

/// <summary>A folder of keys, and the DNS records that belong to them.</summary>
internal sealed class TestKeys : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestKeys()
    {
        Keys = new DkimKeys(Folder, NullLogger<DkimKeys>.Instance);
    }

    public string Folder => _folder.File("dkim");

    public DkimKeys Keys { get; }

    public Dictionary<string, string> Records { get; } = [];

    public DkimKeyFile Add(string domain, string selector, DkimKeyState state = DkimKeyState.Active, int bits = DkimPrivateKey.MinBits)
    {
        var file = Create(Folder, domain, selector, state, bits);
        using var key = DkimPrivateKey.Read(file);
        Records[$"{selector}._domainkey.{domain}"] = "v=DKIM1; k=rsa; p=" + Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        Keys.Refresh();
        return file;
    }

    public static DkimKeyFile Create(string folder, string domain, string selector, DkimKeyState state = DkimKeyState.Active, int bits = DkimPrivateKey.MinBits)
    {
        var file = new DkimKeyFile(folder, domain, selector, state);
        DkimPrivateKey.Create(file, bits);
        return file;
    }

    /// <summary>A file of the operator's own making, readable by its owner alone.</summary>
    public static void Write(DkimKeyFile file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        File.WriteAllText(file.Path, text);
        File.SetUnixFileMode(file.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public static string Pem(int bits)
    {
        using var key = RSA.Create(bits);
        return key.ExportPkcs8PrivateKeyPem();
    }

    public void Dispose() => _folder.Dispose();
}
