using System.Net.Security;
using System.Security.Authentication;
using Microsoft.Extensions.Options;

namespace Delivery.Tracker.Tls;

/// <summary>
/// The certificates that the tracker serves by, chosen by the name that the client asks for (SNI, RFC 6066 section 3); for a name of none, or without
/// one, the first. Thread-safe.
/// </summary>
internal sealed class TlsCertificates
{
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    /// <exception cref="InvalidDataException">Files are not a certificate and its key.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not read them.</exception>
    public TlsCertificates(IOptions<TrackerOptions> options) => Slots = [.. options.Value.Certificates.Select(one => new CertificateSlot(one))];

    public IReadOnlyList<CertificateSlot> Slots { get; }

    /// <summary>How a handshake goes: TLS 1.2 or 1.3, HTTP/2 or 1.1 by ALPN.</summary>
    public SslServerAuthenticationOptions Handshake(string? host) => new()
    {
        ServerCertificateContext = Find(host).Context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = Protocols,
        AllowRenegotiation = false,
        ClientCertificateRequired = false,
    };

    private ServedCertificate Find(string? host)
    {
        if (!string.IsNullOrEmpty(host))
        {
            foreach (var slot in Slots)
            {
                if (slot.Current is var certificate && certificate.Covers(host))
                    return certificate;
            }
        }

        return Slots[0].Current;
    }
}
