using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Delivery.Testing;

namespace Delivery.Tracker.Tests.Tls;

/// <summary>A root, an authority below it, and certificates of that in files as a certificate client writes them.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _between;

    public TestAuthority()
    {
        var now = DateTimeOffset.UtcNow;
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=Test Root", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        root.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(root.PublicKey, false));
        _root = root.CreateSelfSigned(now.AddDays(-400), now.AddDays(400));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var between = new CertificateRequest("CN=Test Authority", key, HashAlgorithmName.SHA256);
        between.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        between.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(between.PublicKey, false));
        between.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        using var signed = between.Create(_root, now.AddDays(-300), now.AddDays(300), RandomNumberGenerator.GetBytes(8));
        _between = signed.CopyWithPrivateKey(key);
        RootFile = _folder.File("root.pem");
        File.WriteAllText(RootFile, _root.ExportCertificatePem());
    }

    /// <summary>What clients trust.</summary>
    public string RootFile { get; }

    public X509Certificate2 Root => _root;

    public string PathOf(string name) => _folder.File(name);

    /// <summary>Writes <c>NAME.pem</c> (with the chain) and <c>NAME.key</c>, or replaces them; returns the certificate's serial number.</summary>
    public string Issue(string name, string[] hosts, int days = 90, int from = -200)
    {
        var now = DateTimeOffset.UtcNow;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hosts[0]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_between, true, false));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.Create(_between, now.AddDays(from), now.AddDays(days), RandomNumberGenerator.GetBytes(8));
        Put(name + ".pem", certificate.ExportCertificatePem() + "\n" + _between.ExportCertificatePem() + "\n");
        Put(name + ".key", key.ExportPkcs8PrivateKeyPem());
        return certificate.SerialNumber;
    }

    /// <summary>The settings of an https listener with these certificates.</summary>
    public string[] Settings(params string[] names) =>
    [
        "--Tracker:HttpsUrl=https://127.0.0.1:0",
        .. names.SelectMany((name, i) => new[] { $"--Tracker:Certificates:{i}:Path={PathOf(name + ".pem")}", $"--Tracker:Certificates:{i}:KeyPath={PathOf(name + ".key")}" }),
    ];

    public void Put(string name, string text)
    {
        var temporary = _folder.File(name + ".new");
        File.WriteAllText(temporary, text);
        File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(temporary, _folder.File(name), overwrite: true);
    }

    public void Dispose()
    {
        _root.Dispose();
        _between.Dispose();
        _folder.Dispose();
    }
}
