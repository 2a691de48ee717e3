using Delivery.Contracts.Telemetry;
using Delivery.Mta.Dkim;
using Delivery.Mta.Lanes;
using Delivery.Mta.Publishing;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;

namespace Delivery.Mta.Telemetry;

/// <summary>
/// <c>/healthz</c>: the program is alive. <c>/readyz</c>: 200 while jobs are taken and mail may leave, else 503, with reasons for operators.
/// <c>/status</c>: what it is doing, always 200, and <c>/metrics</c>: the same and more; both for operators alone.
/// </summary>
internal static class StatusRoutes
{
    public static void MapStatus(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        _ = services.GetRequiredService<MtaGauges>();
        var gate = services.GetRequiredService<OperatorGate>();
        var checks = services.GetRequiredService<ReadyChecks>();
        routes.MapGet("/healthz", () => TypedResults.Text("ok\n")).ExcludeFromDescription();
        routes.MapGet("/readyz", async context => await (await checks.LookAsync().ConfigureAwait(false)).WriteAsync(context, gate).ConfigureAwait(false))
            .ExcludeFromDescription();
        routes.MapForOperators("/status", context => context.Response.WriteAsJsonAsync(
            Status(services), MtaJson.Default.MtaStatus, cancellationToken: context.RequestAborted));
        routes.MapMetrics();
    }

    private static MtaStatus Status(IServiceProvider services)
    {
        var writer = services.GetRequiredService<SpoolWriter>();
        var dkim = services.GetRequiredService<DkimKeys>();
        var busy = services.GetRequiredService<BusyTimes>();
        return new MtaStatus
        {
            SuppressionsFresh = services.GetRequiredService<SuppressionMirror>().IsFresh,
            Suppressions = services.GetRequiredService<SuppressionMirror>().Count,
            SuppressionsDue = services.GetRequiredService<DueSuppressions>().Count,
            Open = writer.OpenRecipients,
            InFlight = services.GetRequiredService<InFlight>().Count,
            Outbox = services.GetRequiredService<OutboxPublishers>().Waiting,
            Commits = writer.Commits,
            DkimDomains = dkim.Current.Count,
            DkimFaults = dkim.Faults.Count,
            DkimSignatures = dkim.Signatures,
            BusySeconds = new BusySeconds(
                busy.Seconds(BusyTimes.Part.Accept), busy.Seconds(BusyTimes.Part.Claim), busy.Seconds(BusyTimes.Part.Compose),
                busy.Seconds(BusyTimes.Part.Spool), busy.Seconds(BusyTimes.Part.Publish)),
        };
    }
}
