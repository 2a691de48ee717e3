using System.Text.Json;
using Delivery.Tracker.Publishing;

namespace Delivery.Tracker.Telemetry;

/// <summary>
/// <c>/healthz</c>: the program is alive. <c>/readyz</c>: 200 while Redis answers, else 503 (people are redirected all the same).
/// <c>/status</c>: the same counts, always 200.
/// </summary>
internal static class StatusRoutes
{
    public static void MapStatus(this IEndpointRouteBuilder routes)
    {
        var redis = routes.ServiceProvider.GetRequiredService<RedisConnection>();
        var metrics = routes.ServiceProvider.GetRequiredService<TrackerMetrics>();
        var publisher = routes.ServiceProvider.GetRequiredService<EventPublisher>();
        routes.MapGet("/healthz", context => context.Response.WriteAsync("ok\n"));
        routes.MapGet("/readyz", context => WriteAsync(context, unready: StatusCodes.Status503ServiceUnavailable));
        routes.MapGet("/status", context => WriteAsync(context, unready: StatusCodes.Status200OK));

        async Task WriteAsync(HttpContext context, int unready)
        {
            var answers = await redis.AnswersAsync();
            context.Response.StatusCode = answers ? StatusCodes.Status200OK : unready;
            context.Response.ContentType = "application/json";
            context.Response.Headers.CacheControl = "no-store";
            var status = metrics.Snapshot(answers, publisher);
            await JsonSerializer.SerializeAsync(context.Response.Body, status, TrackerJson.Default.TrackerStatus, context.RequestAborted);
        }
    }
}
