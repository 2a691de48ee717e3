using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Delivery.Tracker.Tls;

/// <summary>Where the tracker listens: http for proxies and probes, https for readers.</summary>
internal static class Listeners
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Opens <c>Tracker:HttpsUrl</c>, and <c>Tracker:Url</c> beside it; without the first nothing is done here.</summary>
    public static void Open(KestrelServerOptions kestrel, TrackerOptions options, IServiceProvider services)
    {
        if (string.IsNullOrEmpty(options.HttpsUrl))
            return;
        if (options.Url.Length > 0)
            Listen(kestrel, options.Url, _ => { });
        var certificates = services.GetRequiredService<TlsCertificates>();
        Listen(kestrel, options.HttpsUrl, listen => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = connection => ValueTask.FromResult(certificates.Handshake(connection.ClientHelloInfo.ServerName)),
            HandshakeTimeout = HandshakeTimeout,
        }));
    }

    private static void Listen(KestrelServerOptions kestrel, string url, Action<ListenOptions> configure)
    {
        var address = BindingAddress.Parse(url);
        if (IPAddress.TryParse(address.Host.AsSpan().Trim("[]"), out var ip))
            kestrel.Listen(ip, address.Port, configure);
        else if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            kestrel.ListenLocalhost(address.Port, configure);
        else
            kestrel.ListenAnyIP(address.Port, configure);
    }
}
