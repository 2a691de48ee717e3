using Delivery.Contracts.Access;
using Delivery.Mta.Jobs;
using Delivery.Mta.Queue;

namespace Delivery.Mta.Telemetry.Tracing;

/// <summary><c>GET /v1/trace</c>: what is said on connections, as it is said.</summary>
internal static class TraceEndpoint
{
    private const int MostAttempts = 1_000_000;

    public static void MapTrace(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/trace", Read)
            .WithTags("queue")
            .WithName("TraceSmtp")
            .WithSummary("Shows commands and replies of attempts as they happen")
            .WithDescription("Query: domain, recipient (address), limit (attempts to the end). Lines as NDJSON, or as text/event-stream where that is accepted. No bodies, no credentials.")
            .Produces(StatusCodes.Status200OK, contentType: "application/x-ndjson", additionalContentTypes: "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static IResult Read(HttpContext context, ApiKeyTable access, TraceHub hub, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        if (!context.TryGetAccount(access, Right.Admin, out var account, out var refusal))
            return refusal;
        var query = QueueQuery.OfNames(context.Request.Query);
        var (domain, recipient) = (query.Text("domain")?.TrimStart('@'), query.Text("recipient"));
        if (recipient is not null && !recipient.Contains('@', StringComparison.Ordinal))
            query.Fault<int>("recipient", "must be an e-mail address; for all of a domain use domain");
        var limit = query.Number("limit", int.MaxValue, MostAttempts);
        query.RefuseUnknown();
        if (query.Errors is [var first, ..])
            return Problems.Of(StatusCodes.Status400BadRequest, "The question is not understood", $"{first.Field} {first.Message}.", query.Errors);
        var reader = new TraceReader(new TraceFilter(account, domain, recipient));
        if (!hub.TryAdd(reader))
        {
            return Problems.Of(StatusCodes.Status429TooManyRequests, "Too many traces are read", $"At most {TraceHub.MaxReaders} at one time, {TraceHub.MaxReadersOfAccount} of one account: end another one first.");
        }

        return new TraceStream(
            hub, reader, limit, context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase),
            () => context.TryGetAccount(access, Right.Admin, out _, out _), time, lifetime.ApplicationStopping);
    }
}
