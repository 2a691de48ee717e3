using System.Text.Json;
using Delivery.Aggregator.ClickHouse;
using Delivery.Contracts;
using Delivery.Contracts.Access;
using Delivery.Contracts.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;
using StackExchange.Redis;

namespace Delivery.Aggregator.Erasure;

/// <summary><c>POST /v1/erasures</c>: takes a person out of ClickHouse and Redis. A part of <c>delivery erase</c>, which goes through all programs.</summary>
internal static class ErasureEndpoints
{
    /// <summary>The account of the installation's own key, which may erase for others on its own machine.</summary>
    private const uint OwnAccount = 1;
    private const int MaxBody = 64 * 1024;
    private const int MaxKeys = 100;
    private const int MaxText = 1024;

    public static void MapErasure(this IEndpointRouteBuilder routes) => routes.MapPost("/v1/erasures", EraseAsync);

    private static async Task<IResult> EraseAsync(
        HttpContext http, ApiKeyTable keys, OperatorGate gate, PersonErasure erasure, SchemaState schema, CancellationToken cancellation)
    {
        if (!keys.TryAuthenticate(http.Request.Headers.Authorization.ToString(), out var account, out var rights))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem(StatusCodes.Status401Unauthorized, "Unauthorized", "Send a valid API key as 'Authorization: Bearer KEY'.");
        }

        if (!rights.HasFlag(Right.Admin))
            return Problem(StatusCodes.Status403Forbidden, "The API key may not do this", $"It lacks the right '{RightNames.Format(Right.Admin)}': use a key that has it.");
        if (!gate.Lets(http))
            return Problem(StatusCodes.Status403Forbidden, "This is for operators", "An erasure goes through rows and dead letters of all accounts: call from the Aggregator's machine, or from an address of Operators:Addresses.");
        if (http.Request.ContentLength is null or > MaxBody)
            return Problem(StatusCodes.Status413PayloadTooLarge, "The body is too large", $"This takes one person, in at most {MaxBody} bytes.");
        try
        {
            var request = await JsonSerializer.DeserializeAsync(http.Request.Body, ErasureJson.Default.ErasureRequest, cancellation).ConfigureAwait(false);
            if (Fault(request, account, account == OwnAccount) is { } fault)
                return Problem(StatusCodes.Status400BadRequest, "The request is not understood", fault + " Nothing was erased.");
            return schema.IsReady
                ? TypedResults.Json(await erasure.RunAsync(request!.Account ?? account, request, cancellation).ConfigureAwait(false), ErasureJson.Default.ErasureAnswer)
                : Problem(StatusCodes.Status503ServiceUnavailable, "ClickHouse does not answer yet", "Nothing was erased: send it again.");
        }
        catch (JsonException e)
        {
            return Problem(StatusCodes.Status400BadRequest, "The request is not understood", $"{e.Message} Nothing was erased.");
        }
        catch (Exception e) when (e is ClickHouseException or RedisException or TimeoutException)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, "A store does not take it now", $"{e.Message} What was erased before stands: send it again.");
        }
    }

    private static string? Fault(ErasureRequest? request, uint account, bool anyAccount)
    {
        if (request is null)
            return "body must be a JSON object.";
        if (request.Account is { } other && other != account && !anyAccount)
            return "account is not the key's: use a key of that account, or the installation's own key on its machine.";
        if (request.Keys is null || request.Keys.Contains(null!) || request.Texts is null || request.Texts.Contains(null!))
            return "keys and texts must be lists of texts.";
        if (request.Account == 0)
            return "account must be from 1.";
        if (request is { Keys.Count: 0, UpstreamId: null or "" })
            return "keys or upstream_id is needed: whom to erase.";
        if (request.Keys.Count > MaxKeys || request.Keys.Any(key => !RecipientKey.TryParse(key, out var read) || read == default || key != read.ToString()))
            return $"keys must be at most {MaxKeys} recipient keys of 32 lower-case hexadecimal digits, not all 0.";
        return request.Texts.Count > MaxKeys || request.Texts.Any(text => text.Length is < 4 or > MaxText) ? $"texts must be at most {MaxKeys} of 4 to {MaxText} characters." : null;
    }

    private static ProblemHttpResult Problem(int status, string title, string detail) => TypedResults.Problem(detail, statusCode: status, title: title);
}
