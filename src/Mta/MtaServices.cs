using Delivery.Contracts.Access;
using Delivery.Contracts.Settings;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Telemetry;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Caps;
using Delivery.Mta.Dkim;
using Delivery.Mta.Erasure;
using Delivery.Mta.Jobs;
using Delivery.Mta.Jobs.Control;
using Delivery.Mta.Jobs.FollowUps;
using Delivery.Mta.Jobs.Uploads;
using Delivery.Mta.Lanes;
using Delivery.Mta.Look;
using Delivery.Mta.Messages;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Publishing;
using Delivery.Mta.Queue;
using Delivery.Mta.Smtp;
using Delivery.Mta.Specimens;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;
using Delivery.Mta.Suppressions.Api;
using Delivery.Mta.Telemetry;
using Delivery.Mta.Telemetry.Tracing;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Mta;

/// <summary>Puts the program together, in the order of the mail's path.</summary>
internal static class MtaServices
{
    public static void AddMta(this IServiceCollection services)
    {
        services.AddSettings();
        services.AddSpool();
        services.AddJobs();
        services.AddDkim();
        services.AddSending();
        services.AddLook();
    }

    private static void AddSettings(this IServiceCollection services)
    {
        services.AddStrict<MtaOptions>(MtaOptions.Section);
        services.AddSingleton<IValidateOptions<MtaOptions>, RetryOptionsCheck>();
        services.AddStrict<SmtpOptions>(SmtpOptions.Section);
        services.AddStrict<FrequencyCapOptions>(FrequencyCapOptions.Section);
        services.AddStrict<RedisOptions>(RedisOptions.Section);
        services.AddStrict<ApiKeyOptions>(ApiKeyOptions.Section);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<BusyTimes>();
        services.AddTelemetry();
        services.AddSingleton<MtaMetrics>();
        services.AddSingleton<SpoolMetrics>();
        services.AddSingleton<SmtpMetrics>();
        services.AddSingleton<MtaGauges>();
        services.AddSingleton<ReadyChecks>();
        services.AddSingleton<AttemptLog>();
        services.AddSingleton<TraceHub>();
        services.AddSingleton(provider => new ApiKeyTable(provider.GetRequiredService<IOptions<ApiKeyOptions>>().Value));
        services.AddHostedService<AccountsWatch>();
        services.AddSingleton(provider => KeyRing.LoadOrCreate(provider.GetRequiredService<IOptions<MtaOptions>>().Value.KeysFile));
        services.AddSingleton<TrackingTokens>();
        services.AddSingleton<IConnectionMultiplexer>(provider =>
            ConnectionMultiplexer.Connect(provider.GetRequiredService<IOptions<RedisOptions>>().Value.ToConfiguration("delivery-mta")));
        services.AddSingleton<IDatabaseAsync>(provider => provider.GetRequiredService<IConnectionMultiplexer>().GetDatabase());
    }

    private static void AddSpool(this IServiceCollection services)
    {
        services.AddSingleton<SpoolDatabase>();
        services.AddSingleton<SpoolReader>();
        services.AddSingleton<SpoolWriter>();
        services.AddSingleton<SpoolRoom>();
    }

    private static void AddJobs(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, MtaJson.Default);
        });
        services.AddOpenApi();
        services.AddSingleton<JobIds>();
        services.AddSingleton(_ => new CompiledContentCache());
        services.AddSingleton<SpecimenCache>();
        services.AddSingleton<JobLoader>();
        services.AddSingleton<JobTable>();
        services.AddSingleton<JobControl>();
        services.AddHostedService<FinishedJobs>();
        services.AddSingleton<JobIntake>();
        services.AddSingleton<OpenUploads>();
        services.AddSingleton<AudienceClient>();
        services.AddSingleton<FollowUpPlaces>();
        services.AddSingleton<FollowUpIntake>();
        services.AddHostedService<LeftFollowUps>();
    }

    /// <summary>Before what composes: the keys are there before the first message is.</summary>
    private static void AddDkim(this IServiceCollection services)
    {
        services.AddSingleton(provider => new DkimKeys(
            provider.GetRequiredService<IOptions<MtaOptions>>().Value.DkimFolder, provider.GetRequiredService<ILogger<DkimKeys>>()));
        services.AddHostedService<DkimKeyWatch>();
        services.AddTransient<DkimSigner>();
    }

    private static void AddSending(this IServiceCollection services)
    {
        services.AddSingleton<InFlight>();
        services.AddSingleton<QueueDepth>();
        services.AddSingleton<QueueScan>();
        services.AddSingleton<QueueActions>();
        services.AddSingleton<ReplyClass>();
        services.AddSingleton<SmtpInsight>();
        services.AddSingleton<RetrySchedule>();
        services.AddSingleton<BounceClassifier>();
        services.AddSingleton<OutcomeRules>();
        services.AddSingleton<OutcomeWriter>();
        services.AddSingleton<OutboxPublishers>();
        services.AddSingleton<DepartureRules>();
        services.AddSingleton<SendLanes>();
        services.AddSingleton<JobEndings>();
        services.AddSingleton<FrequencyCap>();
        services.AddSingleton<Func<bool, Feeder>>(provider => urgent => ActivatorUtilities.CreateInstance<Feeder>(provider, urgent));
        services.AddSingleton<TailBudget>();
        services.AddSingleton<MessagePool>();
        services.AddTransient<MessageComposer>();
        services.AddTransient<Composer>();
        services.AddSingleton<Func<Composer>>(provider => provider.GetRequiredService<Composer>);
        services.AddSingleton<DueSuppressions>();
        services.AddSingleton<SuppressionMirror>();
        services.AddHostedService(provider => provider.GetRequiredService<SuppressionMirror>());
        services.AddHostedService<DueSender>();
        services.AddSingleton<ImportPlaces>();
        services.AddSingleton<PersonSearch>();
        services.AddSingleton<SpoolScrub>();
        services.AddSingleton<PersonErasure>();
        services.AddHostedService<WarmUp>();
        services.AddHostedService<SendPipeline>();
    }
}
