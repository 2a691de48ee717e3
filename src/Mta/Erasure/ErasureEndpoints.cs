using System.Text.Json;
using Delivery.Contracts.Access;
using Delivery.Contracts.Telemetry;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Jobs;
using Microsoft.Data.Sqlite;
using StackExchange.Redis;

namespace Delivery.Mta.Erasure;

/// <summary>
/// <c>POST /v1/erasures</c>: takes a person out of this Mta. A part of <c>delivery erase</c>, which goes through all programs: this call alone
/// leaves what the others have. For an operator's request with a key that has the right <c>admin</c>.
/// </summary>
internal static class ErasureEndpoints
{
    /// <summary>The account of the installation's own key, which may erase for others on its own machine.</summary>
    private const uint OwnAccount = 1;
    private const int MaxBody = 64 * 1024;

    public static void MapErasure(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/erasures", EraseAsync)
            .WithTags("erasure")
            .WithName("ErasePerson")
            .WithSummary("Takes a person out of this Mta")
            .WithDescription("Body: email, upstream_id or keys (recipient keys in hex); dry_run to look only; account, for the installation's own key. complete tells whether it is done: if not, send it again.")
            .Accepts<JsonElement>("application/json")
            .Produces<PersonErased>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> EraseAsync(
        HttpContext context, ApiKeyTable access, OperatorGate gate, KeyRing keys, PersonErasure erasure, CancellationToken cancellation)
    {
        if (!context.TryGetAccount(access, Right.Admin, out var account, out var refusal))
            return refusal;
        if (!gate.Lets(context))
            return Problems.Of(StatusCodes.Status403Forbidden, "This is for operators", "An erasure goes through files and rows of all accounts: call from the Mta's machine, or from an address of Operators:Addresses.");
        if (await RequestBody.ReadAsync(context.Request, MaxBody, cancellation).ConfigureAwait(false) is not { } body)
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, "The body is too large", "This takes one person.", [new FieldError("body", $"is larger than {MaxBody} bytes")]);
        try
        {
            var errors = new List<FieldError>();
            using var document = JobIntake.Parse(body);
            if (ErasureRequest.Parse(document.RootElement, account, account == OwnAccount, keys, errors) is not { } request)
                return Problems.Of(StatusCodes.Status400BadRequest, "The request is not understood", $"{errors[0].Field} {errors[0].Message}. Nothing was erased.", errors);
            var answer = request.DryRun ? erasure.Find(request) : await erasure.EraseAsync(request, cancellation).ConfigureAwait(false);
            return TypedResults.Json(answer, MtaJson.Default.PersonErased);
        }
        catch (JsonException e)
        {
            return Problems.BrokenJson(e);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "Redis does not take it now", "The person must be suppressed before anything is erased: send it again when Redis answers.");
        }
        catch (Exception e) when (e is SqliteException or IOException)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "The spool cannot be written", $"{e.Message} What was erased before stands: send it again.");
        }
    }
}
