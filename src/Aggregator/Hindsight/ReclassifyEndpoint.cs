using System.Globalization;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Aggregator.Hindsight;

/// <summary>
/// <c>POST /reclassify?job=ID</c> or <c>?since=2026-11-01</c>, for operators alone: has the owners of the shards apply the rules and the
/// networks of today to stored events. 202: it is in Redis, and done in its turn.
/// </summary>
internal static class ReclassifyEndpoint
{
    public static void MapReclassify(this IEndpointRouteBuilder routes) => routes.MapPost("/reclassify", AnswerAsync);

    private static async Task<IResult> AnswerAsync(
        HttpContext http, OperatorGate gate, IConnectionMultiplexer redis, IOptions<RedisOptions> redisOptions, IOptions<AggregatorOptions> options)
    {
        if (!gate.Lets(http))
            return TypedResults.NotFound();
        if (Fault(http.Request.Query, out var order) is { } fault)
            return TypedResults.Problem(fault, statusCode: StatusCodes.Status400BadRequest, title: "Not understood");
        var shards = redisOptions.Value.Shards;
        try
        {
            for (var shard = 0; shard < shards; shard++)
            {
                if (order!.Job is not { } job || StreamNames.ShardOf(job, shards) == shard)
                {
                    await HindsightMark.OrderAsync(redis.GetDatabase(), new StreamNames(redisOptions.Value, shard), order)
                        .WaitAsync(options.Value.RedisTimeout, http.RequestAborted).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return TypedResults.Problem("Redis does not answer now; try again soon.", statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not ordered");
        }

        return TypedResults.Accepted((string?)null);
    }

    private static string? Fault(IQueryCollection query, out ReclassifyOrder? order)
    {
        order = null;
        foreach (var (name, _) in query)
        {
            if (name is not ("job" or "since"))
                return $"'{name}' is not known; give 'job' or 'since'.";
        }

        var (job, since) = (query["job"].ToString(), query["since"].ToString());
        if (job.Length > 0 == since.Length > 0)
            return "Give either 'job', a job's id, or 'since', a date such as 2026-11-01.";
        if (job.Length > 0)
        {
            if (!ulong.TryParse(job, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                return $"'job' is '{job}'; give the id of a job, a number.";
            order = new ReclassifyOrder(id, 0);
            return null;
        }

        if (!DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from) || from.Year < 2020)
            return $"'since' is '{since}'; give a date such as 2026-11-01, UTC, or one with a time such as 2026-11-01T08:00Z.";
        order = new ReclassifyOrder(null, from.ToUnixTimeMilliseconds());
        return null;
    }
}
