using System.Globalization;
using System.Text.Json;
using Delivery.Contracts.Access;
using Delivery.Contracts.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;
using StackExchange.Redis;

namespace Delivery.Aggregator.Letters;

/// <summary>
/// <c>/v1/deadletters</c>: look at dead letters, replay or drop them. They are of nobody's account, since nobody can read them, so they
/// are for an operator's request that has a key with the right <c>admin</c>; to others there is no such address.
/// </summary>
internal static class LetterEndpoints
{
    private const int MaxLimit = 1_000;
    private const int MaxIds = 200;

    public static void MapLetters(this IEndpointRouteBuilder routes)
    {
        var letters = routes.MapGroup("/v1/deadletters");
        letters.AddEndpointFilter(AdmitAsync);
        letters.MapGet("", ListAsync);
        letters.MapGet("{shard:int}/{id}", FindAsync);
        letters.MapPost("replay", (HttpContext http, DeadLetterBox box) => ChangeAsync(http, box, replay: true));
        letters.MapPost("drop", (HttpContext http, DeadLetterBox box) => ChangeAsync(http, box, replay: false));
    }

    private static async ValueTask<object?> AdmitAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        if (!services.GetRequiredService<OperatorGate>().Lets(http))
            return TypedResults.NotFound();
        http.Response.Headers.CacheControl = "no-store";
        if (!services.GetRequiredService<ApiKeyTable>().TryAuthenticate(http.Request.Headers.Authorization.ToString(), out _, out var rights))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem(StatusCodes.Status401Unauthorized, "Unauthorized", "Send a valid API key as 'Authorization: Bearer KEY'.");
        }

        if (!rights.HasFlag(Right.Admin))
            return Problem(StatusCodes.Status403Forbidden, "The API key may not do this", "It lacks the right 'admin': use a key that has it.");
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            http.Response.Headers.RetryAfter = "5";
            return Problem(StatusCodes.Status503ServiceUnavailable, "Redis does not answer", "Nothing is lost; look again before you repeat a change.");
        }
    }

    private static async Task<IResult> ListAsync(HttpContext http, DeadLetterBox box)
    {
        var query = http.Request.Query;
        foreach (var name in query.Keys)
        {
            if (name is not ("shard" or "reason" or "after" or "limit"))
                return Invalid($"'{name}' is not known: use shard, reason, after and limit.");
        }

        var (shard, limit) = (0, 100);
        if (query.TryGetValue("shard", out var shardText) && !Within(shardText, 0, box.Shards - 1, out shard))
            return Invalid($"shard: there are shards 0 to {box.Shards - 1}.");
        if (query.TryGetValue("limit", out var limitText) && !Within(limitText, 1, MaxLimit, out limit))
            return Invalid($"limit: a number from 1 to {MaxLimit}.");
        var after = query.TryGetValue("after", out var afterText) ? afterText.ToString() : null;
        if (after is not null && !LetterId.IsOne(after))
            return Invalid("after: give what an earlier answer had as next.");
        return TypedResults.Json(await box.ListAsync(shard, query["reason"], after, limit).ConfigureAwait(false), LetterJson.Default.LetterPage);
    }

    private static async Task<IResult> FindAsync(int shard, string id, DeadLetterBox box)
    {
        if (shard < 0 || shard >= box.Shards || !LetterId.IsOne(id) || await box.FindAsync(shard, id).ConfigureAwait(false) is not { } letter)
            return Problem(StatusCodes.Status404NotFound, "No such dead letter", "It was replayed, dropped or thrown away, or never was.");
        return TypedResults.Json(letter, LetterJson.Default.Letter);
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, DeadLetterBox box, bool replay)
    {
        LetterOrder? order;
        try
        {
            order = await JsonSerializer.DeserializeAsync(http.Request.Body, LetterJson.Default.LetterOrder, http.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            return Invalid($"body, at {e.Path ?? "$"}: not as it should be: {{\"shard\":0,\"all\":true}}, or ids or reason in place of all.");
        }

        if (order is null)
            return Invalid("body: send {\"shard\":0,\"all\":true}, or ids or reason in place of all.");
        if (order.Fault(box.Shards, MaxIds) is { } fault)
            return Invalid(fault);
        return TypedResults.Json(await box.TakeAsync(order, replay).ConfigureAwait(false), LetterJson.Default.LetterChange);
    }

    private static bool Within(string? text, int least, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;

    private static ProblemHttpResult Invalid(string detail) => Problem(StatusCodes.Status400BadRequest, "The request is not valid", detail);

    private static ProblemHttpResult Problem(int status, string title, string detail) => TypedResults.Problem(detail, statusCode: status, title: title);
}
