using System.Net;
using Delivery.Contracts.Access;
using Delivery.Contracts.Settings;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Suppressions;
using Delivery.Contracts.Telemetry;
using Delivery.Contracts.Tokens;
using Delivery.Tracker.Admission;
using Delivery.Tracker.Audience;
using Delivery.Tracker.Classification;
using Delivery.Tracker.Clicks;
using Delivery.Tracker.Journaling;
using Delivery.Tracker.Opens;
using Delivery.Tracker.Publishing;
using Delivery.Tracker.Telemetry;
using Delivery.Tracker.Tls;
using Delivery.Tracker.Unsubscribes;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Delivery.Tracker;

internal static class TrackerServices
{
    private const int RequestLineBytes = 8 * 1024;
    private const int HeaderBytes = 16 * 1024;
    private const int BodyBytes = 16 * 1024;

    public static void AddTracker(this IServiceCollection services)
    {
        services.AddStrict<TrackerOptions>(TrackerOptions.Section);
        services.AddStrict<RedisOptions>(RedisOptions.Section);
        services.AddStrict<ApiKeyOptions>(ApiKeyOptions.Section);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(s => new ApiKeyTable(new ApiKeyOptions { File = s.GetRequiredService<IOptions<ApiKeyOptions>>().Value.File }));
        services.AddHostedService<AccountsWatch>();
        services.AddSingleton<TrackingDomains>();
        services.AddSingleton<KeptAddress>();
        services.AddSingleton(s => KeyRing.LoadOrCreate(s.GetRequiredService<IOptions<TrackerOptions>>().Value.KeysFile));
        services.AddSingleton<TrackingTokens>();
        services.AddSingleton(s => new SuppressionKeys(s.GetRequiredService<IOptions<RedisOptions>>().Value));
        services.AddSingleton(s => EventJournal.Open(
            s.GetRequiredService<IOptions<TrackerOptions>>(),
            s.GetRequiredService<IOptions<RedisOptions>>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<EventJournal>>()));
        services.AddSingleton<RedisConnection>();
        services.AddTelemetry();
        services.AddSingleton<TrackerMetrics>();
        services.AddSingleton<TrackerGauges>();
        services.AddSingleton<InFlight>();
        services.AddSingleton<ClientLimit>();
        services.AddSingleton<Drain>();
        services.AddHostedService(s => s.GetRequiredService<Drain>());
        services.AddSingleton<EventPublisher>();
        services.AddHostedService(s => s.GetRequiredService<RedisConnection>());
        services.AddHostedService(s => s.GetRequiredService<EventPublisher>());
        services.AddSingleton<ReaderClassifier>();
        services.AddSingleton<OpenEndpoint>();
        services.AddSingleton<ClickEndpoint>();
        services.AddSingleton<UnsubscribeEndpoint>();
        services.AddSingleton<SuppressionWriter>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<TrackerOptions>>(Limit);
        services.AddOptions<KestrelServerOptions>().Configure<Drain>((kestrel, drain) => kestrel.ConfigureEndpointDefaults(listen => listen.Use(drain.Count)));
        services.AddSingleton<TlsCertificates>();
        services.AddHostedService<CertificateWatch>();
        // Last, so that what is said of all listeners holds for these.
        services.AddOptions<KestrelServerOptions>().PostConfigure<IOptions<TrackerOptions>, IServiceProvider>((kestrel, options, provider) => Listeners.Open(kestrel, options.Value, provider));
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<TrackerOptions>>(Trust);
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(12));
    }

    private static void Limit(KestrelServerOptions kestrel, IOptions<TrackerOptions> options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.Value.MaxConnections;
        kestrel.Limits.MaxRequestLineSize = RequestLineBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestBodySize = BodyBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(3));
    }

    private static void Trust(ForwardedHeadersOptions forwarded, IOptions<TrackerOptions> options)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedHost;
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.Value.TrustedProxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
                forwarded.KnownProxies.Add(address);
            else
                forwarded.KnownIPNetworks.Add(IPNetwork.Parse(proxy));
        }
    }
}
