using Delivery.Mta.Dkim;
using Delivery.Mta.Lanes;
using Delivery.Mta.Publishing;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Delivery.Mta.Telemetry;

/// <summary>
/// <c>/healthz</c>: the program is alive. <c>/readyz</c>: 200 while mail may leave, else 503. <c>/status</c>: what it is doing, always 200.
/// </summary>
internal static class StatusRoutes
{
    public static void MapStatus(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("ok\n")).ExcludeFromDescription();
        routes.MapGet("/readyz", (SuppressionMirror mirror) => mirror.IsFresh
            ? TypedResults.Text("ready\n")
            : TypedResults.Text("Redis has not told the suppressions\n", statusCode: StatusCodes.Status503ServiceUnavailable)).ExcludeFromDescription();
        routes.MapGet("/status", Status).ExcludeFromDescription();
    }

    private static JsonHttpResult<MtaStatus> Status(
        SuppressionMirror suppressions, SpoolWriter writer, InFlight inFlight, OutboxPublishers publishers, DkimKeys dkim, BusyTimes busy) =>
        TypedResults.Json(
            new MtaStatus
            {
                SuppressionsFresh = suppressions.IsFresh,
                Open = writer.OpenRecipients,
                InFlight = inFlight.Count,
                Outbox = publishers.Waiting,
                Commits = writer.Commits,
                DkimDomains = dkim.Current.Count,
                DkimFaults = dkim.Faults.Count,
                DkimSignatures = dkim.Signatures,
                BusySeconds = new BusySeconds(
                    busy.Seconds(BusyTimes.Part.Accept), busy.Seconds(BusyTimes.Part.Claim), busy.Seconds(BusyTimes.Part.Compose),
                    busy.Seconds(BusyTimes.Part.Spool), busy.Seconds(BusyTimes.Part.Publish)),
            },
            MtaJson.Default.MtaStatus);
}
