using System.Text.Json;
using Delivery.Contracts.Access;
using Delivery.Mta.Jobs;
using Delivery.Mta.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Queue;

/// <summary>To see into the queue and to change what waits there, each account its own: <c>/v1/queue</c>.</summary>
internal static class QueueEndpoints
{
    private const int DefaultTop = 10;
    private const int MostTop = 100;
    private const int DefaultLimit = 100;
    private const int MostAtOnce = 1_000;
    private const int DefaultChanged = 100_000;
    private const int MostChanged = 1_000_000;
    private const long MaxBody = 64 * 1024;
    private const string Filters = "job, domain, state (in_flight, deferred, waiting, held), reason (part of the last reply), class (bounce class), older_than (90s, 10m, 2h, 3d)";

    public static void MapQueue(this IEndpointRouteBuilder routes)
    {
        var queue = routes.MapGroup("/v1/queue").WithTags("queue");
        Describe<QueueSummary>(queue.MapGet("", Summary), "GetQueue", "Tells what waits and why", $"Query: {Filters}; top (1 to {MostTop}).");
        Describe<QueueList>(queue.MapGet("recipients", List), "ListQueue", "Pages through what waits",
            $"Query: {Filters}; limit (1 to {MostAtOnce}), after (the next of the page before).");
        Describe<QueueChange>(queue.MapPost("requeue", RequeueAsync), "RequeueRecipients", "Makes deferred recipients due now",
            $"Body: {Filters}, or \"all\": true; limit (1 to {MostChanged}), after.").Accepts<JsonElement>("application/json");
        Describe<QueueChange>(queue.MapPost("bounce", BounceAsync), "BounceRecipients", "Ends deferred recipients as bounced",
            $"Body: {Filters}, or \"all\": true; text (why, in words), limit (1 to {MostChanged}), after.").Accepts<JsonElement>("application/json");
    }

    private static RouteHandlerBuilder Describe<T>(RouteHandlerBuilder route, string name, string summary, string description) =>
        route.WithName(name).WithSummary(summary).WithDescription(description)
            .Produces<T>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);

    private static IResult Summary(HttpContext context, ApiKeyTable access, QueueScan scan, QueueDepth depth, ReplyClass classes, TimeProvider time)
    {
        if (!context.TryGetAccount(access, Right.Admin, out var account, out var refusal))
            return refusal;
        var query = QueueQuery.Of(context.Request.Query);
        var filter = query.Filter(account, classes);
        var top = query.Number("top", DefaultTop, MostTop);
        if (Refusal(query) is { } refused)
            return refused;
        var tally = new QueueTally(classes);
        var progress = scan.Run(filter, QueueCursor.At(QueueStage.InFlight), QueueQuery.LookedThrough, row =>
        {
            tally.Add(row);
            return true;
        });
        var due = tally.EarliestDueMs is { } earliest && earliest <= time.GetUtcNow().ToUnixTimeMilliseconds() ? tally.EarliestDueMs : null;
        return TypedResults.Json(
            new QueueSummary(
                filter.LooksAtRecipients ? tally.Counts : depth.Of(account, filter.Job), new QueueOldest(Time(depth.OldestWaitingMs(account)), Time(due)),
                tally.Domains(top), tally.Reasons(top), progress.Scanned, progress.Next is not null),
            MtaJson.Default.QueueSummary);
    }

    private static IResult List(HttpContext context, ApiKeyTable access, QueueScan scan, ReplyClass classes)
    {
        if (!context.TryGetAccount(access, Right.Admin, out var account, out var refusal))
            return refusal;
        var query = QueueQuery.Of(context.Request.Query);
        var filter = query.Filter(account, classes);
        var limit = query.Number("limit", DefaultLimit, MostAtOnce);
        var from = query.After(QueueStage.InFlight);
        if (Refusal(query) is { } refused)
            return refused;
        var found = new List<QueuedRecipient>();
        var progress = scan.Run(filter, from, QueueQuery.LookedThrough, row =>
        {
            found.Add(new QueuedRecipient(
                JobIds.Format(row.Job), row.Ordinal, row.Email, RecipientAddress.Domain(row.Email), QueueStates.Of(row.State), row.Attempts, row.Uncertain,
                DateTimeOffset.FromUnixTimeMilliseconds(row.SinceMs), Time(row.DueMs), row.Detail is null ? null : BounceClassNames.Of(classes.Of(row.Detail)), row.Detail));
            return found.Count < limit;
        });
        return TypedResults.Json(new QueueList(found, progress.Scanned, progress.Next?.ToString()), MtaJson.Default.QueueList);
    }

    private static Task<IResult> RequeueAsync(HttpContext context, ApiKeyTable access, QueueActions actions, ReplyClass classes, CancellationToken cancellation) =>
        ChangeAsync(context, access, classes, _ => { }, (filter, _, from, limit) => actions.RequeueAsync(filter, from, limit, cancellation), cancellation);

    private static Task<IResult> BounceAsync(HttpContext context, ApiKeyTable access, QueueActions actions, ReplyClass classes, CancellationToken cancellation) =>
        ChangeAsync(
            context, access, classes,
            query =>
            {
                if (query.Text("text") is null)
                    query.Errors.Add(new FieldError("text", "is missing: say why, in words that reports will show"));
            },
            (filter, query, from, limit) => actions.BounceAsync(filter, query.Text("text")!, from, limit, cancellation), cancellation);

    private static async Task<IResult> ChangeAsync(
        HttpContext context, ApiKeyTable access, ReplyClass classes, Action<QueueQuery> more,
        Func<QueueFilter, QueueQuery, QueueCursor, int, Task<QueueChange>> change, CancellationToken cancellation)
    {
        if (!context.TryGetAccount(access, Right.Admin, out var account, out var refusal))
            return refusal;
        return await RequestGate.TakeAsync(context.Request, MaxBody, async body =>
        {
            try
            {
                using var document = JobIntake.Parse(body);
                var query = QueueQuery.Of(document.RootElement);
                var filter = query.Filter(account, classes);
                if (filter.State is not (null or QueueState.Deferred))
                    query.Errors.Add(new FieldError("state", "must be deferred here: those in flight are left alone, and those never tried go with their job"));
                if (filter.IsPart == query.Flag("all"))
                    query.Errors.Add(new FieldError("all", filter.IsPart ? "must not stand beside a filter" : "is needed without a filter: give job, domain, reason, class or older_than, or \"all\": true"));
                var limit = query.Number("limit", DefaultChanged, MostChanged);
                var from = query.After(QueueStage.Deferred);
                more(query);
                if (Refusal(query) is { } refused)
                    return refused;
                return TypedResults.Json(await change(filter, query, from, limit).ConfigureAwait(false), MtaJson.Default.QueueChange);
            }
            catch (JsonException e)
            {
                return Problems.BrokenJson(e);
            }
            catch (Exception e) when (e is SqliteException or IOException)
            {
                return Problems.Of(StatusCodes.Status503ServiceUnavailable, "The spool cannot be written", $"{e.Message} What was changed before stands: ask again.");
            }
        }, cancellation).ConfigureAwait(false);
    }

    private static ProblemHttpResult? Refusal(QueueQuery query)
    {
        query.RefuseUnknown();
        return query.Errors is [var first, ..]
            ? Problems.Of(StatusCodes.Status400BadRequest, "The question is not understood", $"{first.Field} {first.Message}.", query.Errors)
            : null;
    }

    private static DateTimeOffset? Time(long? ms) => ms is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;
}
