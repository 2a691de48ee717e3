using System.Text.Json;
using Delivery.Contracts.Telemetry;
using Delivery.Tracker.Admission;
using Delivery.Tracker.Publishing;

namespace Delivery.Tracker.Telemetry;

/// <summary>
/// <c>/healthz</c>: the program is alive, for anybody. <c>/readyz</c>: 200 while Redis answers and it was not told to stop, else 503 (people are redirected all the same),
/// with counts for operators. <c>/status</c>: the same counts, always 200; <c>/metrics</c>: the same and more. The port is public as a rule: both
/// are for operators only.
/// </summary>
internal static class StatusRoutes
{
    public static void MapStatus(this IEndpointRouteBuilder routes)
    {
        var redis = routes.ServiceProvider.GetRequiredService<RedisConnection>();
        var metrics = routes.ServiceProvider.GetRequiredService<TrackerMetrics>();
        var publisher = routes.ServiceProvider.GetRequiredService<EventPublisher>();
        var gate = routes.ServiceProvider.GetRequiredService<OperatorGate>();
        var drain = routes.ServiceProvider.GetRequiredService<Drain>();
        _ = routes.ServiceProvider.GetRequiredService<TrackerGauges>();
        routes.MapGet("/healthz", context => context.Response.WriteAsync("ok\n"));
        routes.MapGet("/readyz", context => WriteAsync(context, unready: StatusCodes.Status503ServiceUnavailable));
        routes.MapForOperators("/status", context => WriteAsync(context, unready: StatusCodes.Status200OK));
        routes.MapMetrics();

        async Task WriteAsync(HttpContext context, int unready)
        {
            var answers = await redis.AnswersAsync();
            var ready = answers && !drain.IsOn;
            context.Response.StatusCode = ready ? StatusCodes.Status200OK : unready;
            context.Response.Headers.CacheControl = "no-store";
            if (!gate.Lets(context))
            {
                await context.Response.WriteAsync(ready ? "ready\n" : "not ready\n", context.RequestAborted);
                return;
            }

            context.Response.ContentType = "application/json";
            var status = metrics.Snapshot(answers, drain.IsOn, publisher);
            await JsonSerializer.SerializeAsync(context.Response.Body, status, TrackerJson.Default.TrackerStatus, context.RequestAborted);
        }
    }
}
