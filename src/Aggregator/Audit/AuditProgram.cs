using System.Text.Json;
using Delivery.Aggregator.ClickHouse;
using Delivery.Contracts.Settings;
using Delivery.Contracts.Streams;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Aggregator.Audit;

/// <summary>
/// The program as <c>delivery audit</c> runs it: <c>audit REQUEST</c> with the aggregator's own settings, where REQUEST is JSON. Writes
/// lines of JSON; consumes nothing. Ends with 0 where all agrees, 1 where something differs, 2 where it could not look.
/// </summary>
internal static class AuditProgram
{
    public const string Verb = "audit";

    public static async Task<int> RunAsync(IServiceProvider services, string request, TextWriter output, CancellationToken cancellation)
    {
        var progress = new AuditProgress(output);
        try
        {
            var options = services.GetRequiredService<IOptions<AggregatorOptions>>().Value;
            var redis = services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
            var streams = services.GetRequiredService<IOptions<RedisOptions>>().Value;
            var run = ActivatorUtilities.CreateInstance<AuditRun>(
                services,
                JsonSerializer.Deserialize(request, AuditJson.Default.AuditRequest)!,
                redis,
                streams,
                options,
                ActivatorUtilities.CreateInstance<RollupAudit>(services, streams),
                ActivatorUtilities.CreateInstance<RollupRepair>(services, redis, streams, options),
                progress);
            var report = await run.RunAsync(cancellation).ConfigureAwait(false);
            progress.Result(report);
            return report.Agrees ? 0 : 1;
        }
        catch (Exception e) when (e is ClickHouseException or RedisException or TimeoutException or InvalidOperationException or JsonException)
        {
            progress.Failed(e.Message);
            return StartFault.ExitCode;
        }
    }
}
