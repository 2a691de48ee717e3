using Delivery.Contracts.Access;
using Delivery.Contracts.Settings;
using Delivery.Contracts.Streams;
using Delivery.Tracker.Admission;
using Delivery.Tracker.Clicks;
using Delivery.Tracker.Erasure;
using Delivery.Tracker.Opens;
using Delivery.Tracker.Telemetry;
using Delivery.Tracker.Tls;
using Delivery.Tracker.Unsubscribes;
using Microsoft.Extensions.Options;

namespace Delivery.Tracker;

/// <summary>
/// The table of contents: token, verified before any I/O → event → <see cref="Publishing.EventPublisher"/> (journal, Redis) → answer.
/// </summary>
internal static class TrackerProgram
{
    /// <summary>The program, ready to run. Every setting is checked the keys are loaded (or made) and the journal is read before this returns.</summary>
    /// <exception cref="Exception">A setting is wrong: one that <see cref="StartFault"/> explains.</exception>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(SettingsFile.Arguments(args));
        SettingsFile.AddTo(builder.Configuration);
        builder.Logging.AddConsoleFormats(builder.Configuration);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.UseKestrelHttpsConfiguration();
        // While anybody could listen here, the host makes an Activity and a log scope for each request. It logs nothing below Information but what Kestrel logs too.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.AddTracker();
        configure?.Invoke(builder.Services);

        var app = builder.Build();
        var options = app.Services.GetRequiredService<IOptions<TrackerOptions>>().Value;
        _ = app.Services.GetRequiredService<IOptions<RedisOptions>>().Value;
        _ = app.Services.GetRequiredService<ApiKeyTable>();
        _ = app.Services.GetRequiredService<Journaling.EventJournal>();
        app.Urls.Clear();
        if (string.IsNullOrEmpty(options.HttpsUrl))
            app.Urls.Add(options.Url);
        else
            _ = app.Services.GetRequiredService<TlsCertificates>();
        if (options.TrustedProxies.Count > 0)
            app.UseForwardedHeaders();
        app.Use(app.Services.GetRequiredService<Drain>().Announce);
        app.UseReaderPaths();
        app.UseRouting();
        app.MapOpens();
        app.MapClicks();
        app.MapUnsubscribes();
        app.MapStatus();
        app.MapErasure();
        return app;
    }
}
