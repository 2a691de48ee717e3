using Delivery.Aggregator.Audiences;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Dashboard;
using Delivery.Aggregator.Erasure;
using Delivery.Aggregator.Hindsight;
using Delivery.Aggregator.Letters;
using Delivery.Aggregator.Live;
using Delivery.Aggregator.Mails;
using Delivery.Aggregator.Reports;
using Delivery.Aggregator.Retention;
using Delivery.Aggregator.Rollups;
using Delivery.Aggregator.Streams;
using Delivery.Aggregator.Telemetry;
using Delivery.Aggregator.Watch;
using Delivery.Aggregator.Webhooks;
using Delivery.Contracts.Access;
using Delivery.Contracts.Readers;
using Delivery.Contracts.Settings;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Aggregator;

/// <summary>What the program is made of.</summary>
internal static class AggregatorServices
{
    private const string ClientName = "delivery-aggregator";

    public static void AddAggregator(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var services = builder.Services;
        services.AddStrict<AggregatorOptions>(AggregatorOptions.Section);
        services.AddStrict<ClassificationOptions>(ClassificationOptions.Section);
        services.AddSingleton(provider => new ReaderRules(provider.GetRequiredService<IOptions<ClassificationOptions>>().Value));
        services.AddStrict<RedisOptions>(RedisOptions.Section);
        services.AddStrict<ApiKeyOptions>(ApiKeyOptions.Section);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new ApiKeyTable(provider.GetRequiredService<IOptions<ApiKeyOptions>>().Value));
        services.AddHostedService<AccountsWatch>();
        services.AddSingleton<IConnectionMultiplexer>(provider =>
            ConnectionMultiplexer.Connect(provider.GetRequiredService<IOptions<RedisOptions>>().Value.ToConfiguration(ClientName)));
        services.AddSingleton(provider => new ClickHouseClient(NewHttp(), provider.GetRequiredService<IOptions<AggregatorOptions>>().Value.ClickHouse));
        services.AddSingleton<SchemaState>();
        services.AddSingleton<SchemaUpdate>();
        services.AddSingleton<RollupRebuild>();
        services.AddSingleton<RollupVerifier>();
        services.AddSingleton<ErasedPeople>();
        services.AddSingleton<RedisErasure>();
        services.AddSingleton<PersonErasure>();
        services.AddSingleton(provider => new RollupSweep(
            provider.GetRequiredService<ClickHouseClient>(), provider.GetRequiredService<IOptions<RedisOptions>>().Value));
        services.AddSingleton<BatchHook>();
        services.AddTelemetry();
        services.AddSingleton<AggregatorMetrics>();
        services.AddSingleton<AudienceQuery>();
        services.AddSingleton<AudiencePlaces>();
        services.AddReports();
        services.AddSingleton<MailQuery>();
        services.AddHostedService<StreamsService>();
        services.AddHostedService<RetentionSweep>();
        services.AddSingleton<StreamWatch>();
        services.AddSingleton<DeadLetterBox>();
        services.AddHostedService(provider => provider.GetRequiredService<StreamWatch>());
        services.AddSingleton<StreamGauges>();
        services.AddWebhooks();
        services.AddLive();
        services.AddProblemDetails();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ReportJson.Default));
    }

    /// <summary>Reads every setting now, so that a bad one ends the start before anything runs.</summary>
    /// <exception cref="OptionsValidationException">A value is out of range or missing.</exception>
    /// <exception cref="ArgumentException">An API key or an address is out of form.</exception>
    public static void UseSettings(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<AggregatorOptions>>().Value;
        _ = app.Services.GetRequiredService<ApiKeyTable>();
        _ = app.Services.GetRequiredService<IOptions<RedisOptions>>().Value.ToConfiguration(ClientName);
        app.Urls.Add(options.Url);
    }

    /// <summary>Everything it answers to.</summary>
    public static void MapAggregator(this WebApplication app)
    {
        app.MapHealth();
        app.MapReports();
        app.MapDashboard();
        app.MapMails();
        app.MapAudiences();
        app.MapErasure();
        app.MapReclassify();
        app.MapLetters();
        app.MapWebhooks();
        app.MapLive();
    }

    private static HttpClient NewHttp() => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        UseCookies = false,
        UseProxy = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
