using Delivery.EmbeddedClickHouse.Engine;
using Delivery.EmbeddedClickHouse.Http;
using Microsoft.Extensions.Options;

namespace Delivery.EmbeddedClickHouse;

internal static class EngineServices
{
    public static void AddEngine(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<EngineOptions>()
            .Bind(builder.Configuration.GetSection(EngineOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<EngineOptions>, EngineOptionsValidator>();
        services.AddSingleton<IValidateOptions<EngineOptions>, EngineUrlValidator>();
        services.AddSingleton<IValidateOptions<EngineOptions>, ReaderValidator>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<EngineOptions>>().Value);
        services.AddSingleton(provider => EngineHost.Start(provider.GetRequiredService<EngineOptions>()));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<StatementGate>();
        services.AddSingleton<RunningStatements>();
        services.AddSingleton<SessionTable>();
        services.AddSingleton<Access>();
        services.AddSingleton<ReaderGuard>();
        services.AddSingleton<ExternalNames>();
        services.AddSingleton<ExternalTreeGuard>();
        services.AddSingleton<ExternalTokenGuard>();
        services.AddSingleton<HealthProbe>();
        services.AddSingleton<StatementPolicy>();
        services.AddSingleton<QueryForm>();
        services.AddSingleton<QueryRequestReader>();
        services.AddSingleton<StatementReader>();
        services.AddSingleton<SelectRunner>();
        services.AddSingleton<StatementRunner>();
        services.AddSingleton<QueryEndpoint>();
        services.AddHostedService<EngineLifetime>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionTable>());
        services.AddHostedService<EngineWatch>();

        // The framework's request log holds URLs, and a URL may hold a password; its errors are logged by this program itself.
        builder.Logging.AddFilter("Microsoft", LogLevel.Critical);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));
    }
}
