using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Delivery.Tracker.Tls;

/// <summary>A certificate as it was read, with its chain. Immutable; connections that began with one keep it when another takes its place.</summary>
internal sealed class ServedCertificate
{
    private readonly string[] _hosts;

    private ServedCertificate(X509Certificate2 certificate, SslStreamCertificateContext context, string[] hosts)
    {
        Certificate = certificate;
        Context = context;
        _hosts = hosts;
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>What is presented in a handshake.</summary>
    public SslStreamCertificateContext Context { get; }

    public DateTimeOffset NotBefore => Certificate.NotBefore;

    public DateTimeOffset Expires => Certificate.NotAfter;

    /// <summary>The names it is served for, for people.</summary>
    public string Names => _hosts.Length == 0 ? "no name" : string.Join(", ", _hosts);

    /// <param name="pem">Certificate, chain and, where <paramref name="key"/> is null, the private key.</param>
    /// <exception cref="InvalidDataException">It is no certificate with its key. One line that holds nothing of the key.</exception>
    public static ServedCertificate Read(CertificateOptions options, string pem, string? key)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPem(pem, key ?? pem);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(pem);
            chain.RemoveAt(0);
            var hosts = options.Hosts.Count > 0 ? [.. options.Hosts] : NamesIn(certificate);
            return new ServedCertificate(certificate, SslStreamCertificateContext.Create(certificate, chain, offline: true), hosts);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException(
                $"{options.Path}{(options.KeyPath is { } path ? $" and {path}" : "")}: no certificate in PEM with its private key, unencrypted ({e.Message.ReplaceLineEndings(" ")})", e);
        }
    }

    /// <summary>True for a name it is served for; a wildcard stands for one label (RFC 9525 section 6.3).</summary>
    public bool Covers(string host)
    {
        foreach (var name in _hosts)
        {
            if (name.StartsWith("*.", StringComparison.Ordinal)
                ? host.IndexOf('.') is > 0 and var dot && host.AsSpan(dot).Equals(name.AsSpan(1), StringComparison.OrdinalIgnoreCase)
                : host.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static string[] NamesIn(X509Certificate2 certificate)
    {
        foreach (var extension in certificate.Extensions)
        {
            if (extension is X509SubjectAlternativeNameExtension names)
                return [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(address => address.ToString())];
        }

        return [];
    }
}
