using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>An authority of the tests' own, its PEM file, and what it signed: made once for all tests.</summary>
internal static class TestCertificates
{
    public const string Name = "relay.test";

    private static readonly X509Certificate2 Authority = SelfSigned("Test Authority", isAuthority: true);

    public static X509Certificate2 Good { get; } = Signed(Name, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

    public static X509Certificate2 Expired { get; } = Signed(Name, DateTimeOffset.UtcNow.AddDays(-3), DateTimeOffset.UtcNow.AddDays(-2));

    public static X509Certificate2 OfAnotherName { get; } = Signed("other.test", DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

    public static X509Certificate2 OfNobody { get; } = SelfSigned(Name, isAuthority: false);

    /// <summary>A file with the authority alone; gone when the tests end.</summary>
    public static string AuthorityFile { get; } = Write("authority", Authority.ExportCertificatePem());

    public static SslServerAuthenticationOptions Server(X509Certificate2 certificate) =>
        new() { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) };

    /// <summary>A file with the certificate and its key, for servers that are not ours.</summary>
    public static string File(X509Certificate2 certificate) =>
        Write("relay", certificate.ExportCertificatePem() + "\n" + certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n");

    private static X509Certificate2 Signed(string name, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = RSA.Create(2048);
        var request = Request(name, key, isAuthority: false);
        using var bare = request.Create(Authority.SubjectName, X509SignatureGenerator.CreateForRSA(Authority.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1), from, to, RandomNumberGenerator.GetBytes(12));
        using var whole = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private static X509Certificate2 SelfSigned(string name, bool isAuthority)
    {
        using var key = RSA.Create(2048);
        using var whole = Request(name, key, isAuthority).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(10));
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private static CertificateRequest Request(string name, RSA key, bool isAuthority)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (isAuthority) return request;
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == Name) names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static string Write(string name, string pem)
    {
        var file = Path.Combine(Path.GetTempPath(), $"delivery-test-{name}-{Guid.NewGuid():N}.pem");
        System.IO.File.WriteAllText(file, pem);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.File.Delete(file);
        return file;
    }
}
