using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Watch;
using Delivery.Contracts.Telemetry;
using StackExchange.Redis;

namespace Delivery.Aggregator.Telemetry;

/// <summary><c>/healthz</c>: the program lives. <c>/readyz</c>: Redis and ClickHouse answer and the schema is there. <c>/metrics</c>; <c>/status</c>: the streams.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => "ok");
        routes.MapGet("/readyz", ReadyAsync);
        _ = routes.ServiceProvider.GetRequiredService<StreamGauges>();
        var watch = routes.ServiceProvider.GetRequiredService<StreamWatch>();
        routes.MapForOperators("/status", context => watch.Last is { } last
            ? context.Response.WriteAsJsonAsync(last, WatchJson.Default.StreamsReading, cancellationToken: context.RequestAborted)
            : TypedResults.Problem("Redis has not told yet how the streams stand.", statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not known yet").ExecuteAsync(context));
        routes.MapMetrics();
    }

    private static async Task ReadyAsync(
        HttpContext context, IConnectionMultiplexer redis, ClickHouseClient clickHouse, SchemaState schema, OperatorGate gate, StreamWatch watch, CancellationToken cancellation)
    {
        var redisAnswers = AnswersAsync(async () => await redis.GetDatabase().PingAsync().WaitAsync(Deadline, cancellation).ConfigureAwait(false));
        var clickHouseAnswers = AnswersAsync(async () =>
            await clickHouse.QueryWithoutDatabaseAsync("SELECT 1 FORMAT TSV", cancellation).WaitAsync(Deadline, cancellation).ConfigureAwait(false));
        var missing = new List<string>(3);
        if (!await redisAnswers.ConfigureAwait(false))
            missing.Add("Redis does not answer");
        if (!await clickHouseAnswers.ConfigureAwait(false))
            missing.Add("ClickHouse does not answer");
        else if (!schema.IsReady)
            missing.Add("the schema is not applied yet");
        await new Readiness(missing, watch.Last?.Alarms ?? []).WriteAsync(context, gate).ConfigureAwait(false);
    }

    private static async Task<bool> AnswersAsync(Func<Task> ask)
    {
        try
        {
            await ask().ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ClickHouseException)
        {
            return false;
        }
    }
}
