using System.Net.Security;
using System.Security.Authentication;

namespace Delivery.Mta.Smtp.Security;

/// <summary>A connection under TLS.</summary>
/// <param name="IsVerified">The certificate's chain and name are good; also told where the policy takes any.</param>
internal sealed record TlsChannel(SslStream Stream, bool IsVerified)
{
    /// <summary>Protocol, cipher and what is known of the certificate.</summary>
    public override string ToString() =>
        $"{Name(Stream.SslProtocol)} ({Stream.NegotiatedCipherSuite}), certificate {(IsVerified ? "verified" : "not verified")}";

    private static string Name(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls12 => "TLS 1.2",
        SslProtocols.Tls13 => "TLS 1.3",
        _ => protocol.ToString(),
    };
}
