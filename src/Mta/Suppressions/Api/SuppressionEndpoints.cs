using System.Globalization;
using System.Text.Json;
using Delivery.Contracts;
using Delivery.Contracts.Access;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Suppressions;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Mta.Suppressions.Api;

/// <summary>An account's suppressions one at a time: <c>POST /v1/suppressions</c>, <c>GET</c> and <c>DELETE /v1/suppressions/{address}</c>.</summary>
internal static class SuppressionEndpoints
{
    private const int RetrySeconds = 5;
    private const int MaxBodyBytes = 64 * 1024;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public static void MapSuppressions(this IEndpointRouteBuilder routes)
    {
        var suppressions = routes.MapGroup("/v1/suppressions").WithTags("suppressions");
        suppressions.MapMethods("", ["POST", "PUT"], AddAsync)
            .WithName("AddSuppression")
            .WithSummary("Suppresses an address")
            .WithDescription("200 means that it is in Redis. Who is suppressed for the same reason and list already stays so, with the time of then.")
            .Accepts<SuppressionRequest>("application/json")
            .Produces<SuppressionStatus>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        suppressions.MapGet("{address}", FindAsync)
            .WithName("GetSuppression")
            .WithSummary("Tells why an address is suppressed, if it is")
            .WithDescription("The address, or a recipient key in hex.")
            .Produces<SuppressionStatus>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        suppressions.MapDelete("{address}", RemoveAsync)
            .WithName("RemoveSuppression")
            .WithSummary("Lets an address have mail again")
            .WithDescription($"Query: reason ({SuppressionReasons.All}), list (a number; 0 for what is about all mail). Without them all reasons are removed.")
            .Produces<SuppressionStatus>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        suppressions.MapBulk();
    }

    private static async Task<IResult> AddAsync(
        HttpContext context, ApiKeyTable access, KeyRing keys, IDatabaseAsync redis, IOptions<RedisOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        if (!context.TryGetAccount(access, Right.Admin, out var account, out var refusal))
            return refusal;
        if (await RequestBody.ReadAsync(context.Request, MaxBodyBytes, cancellation).ConfigureAwait(false) is not { } body)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, "The body is too large", "This takes one suppression: send more to /v1/suppressions/import.",
                [new FieldError("body", $"is larger than {MaxBodyBytes} bytes")]);
        }

        var parser = new SuppressionParser(keys, account, time);
        var errors = new List<FieldError>();
        SuppressedRecipient? read;
        try
        {
            using var document = JobIntake.Parse(body);
            read = parser.Parse(document.RootElement, errors);
        }
        catch (JsonException e)
        {
            return Problems.BrokenJson(e);
        }

        if (read is not { } added)
            return Invalid(errors);
        var where = new SuppressionKeys(options.Value);
        return await TryAsync(context, async () =>
        {
            await SuppressionScript.AddAsync(redis, where, account, [added], Deadline).ConfigureAwait(false);
            return Status(parser.Email, added.Recipient, await SuppressionScript.FindAsync(redis, where, account, added.Recipient, Deadline).ConfigureAwait(false));
        }).ConfigureAwait(false);
    }

    private static async Task<IResult> FindAsync(
        string address, HttpContext context, ApiKeyTable access, KeyRing keys, IDatabaseAsync redis, IOptions<RedisOptions> options, TimeProvider time)
    {
        if (!context.TryGetAccount(access, Right.Admin, out var account, out var refusal))
            return refusal;
        var parser = new SuppressionParser(keys, account, time);
        var errors = new List<FieldError>();
        if (!parser.TryRecipient(Unescape(address), out var recipient, errors))
            return Invalid(errors);
        var where = new SuppressionKeys(options.Value);
        return await TryAsync(context, async () =>
            Status(parser.Email, recipient, await SuppressionScript.FindAsync(redis, where, account, recipient, Deadline).ConfigureAwait(false))).ConfigureAwait(false);
    }

    private static async Task<IResult> RemoveAsync(
        string address, HttpContext context, ApiKeyTable access, KeyRing keys, IDatabaseAsync redis, IOptions<RedisOptions> options, TimeProvider time)
    {
        if (!context.TryGetAccount(access, Right.Admin, out var account, out var refusal))
            return refusal;
        var parser = new SuppressionParser(keys, account, time);
        var errors = new List<FieldError>();
        SuppressionFilter.TryRead(context.Request.Query, [], out var filter, errors);
        parser.TryRecipient(Unescape(address), out var recipient, errors);
        if (errors.Count > 0)
            return Invalid(errors);
        var where = new SuppressionKeys(options.Value);
        return await TryAsync(context, async () =>
        {
            var change = await SuppressionScript.RemoveAsync(redis, where, account, recipient, filter.Reason, filter.List, Deadline).ConfigureAwait(false);
            return Status(parser.Email, recipient, await SuppressionScript.FindAsync(redis, where, account, recipient, Deadline).ConfigureAwait(false), change.Changed);
        }).ConfigureAwait(false);
    }

    public static ProblemHttpResult Invalid(List<FieldError> errors) =>
        Problems.Of(StatusCodes.Status400BadRequest, "The request is not understood", $"{errors[0].Field} {errors[0].Message}. Nothing was changed.", errors);

    /// <summary>The server leaves an escaped slash of a path as it is, and an address may have one.</summary>
    private static string Unescape(string address) => address.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>A change that Redis did not answer to is unknown; all of them may be repeated.</summary>
    public static ProblemHttpResult Away(HttpContext context, string more = "", Dictionary<string, object?>? fields = null)
    {
        context.Response.Headers.RetryAfter = RetrySeconds.ToString(CultureInfo.InvariantCulture);
        return Problems.Of(StatusCodes.Status503ServiceUnavailable, "Redis does not answer", $"It is not known whether the change was made: repeat the call.{more}", more: fields);
    }

    private static async Task<IResult> TryAsync(HttpContext context, Func<Task<JsonHttpResult<SuppressionStatus>>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return Away(context);
        }
    }

    private static JsonHttpResult<SuppressionStatus> Status(string? email, RecipientKey recipient, List<SuppressedFor> found, int? removed = null) =>
        TypedResults.Json(
            new SuppressionStatus(
                email, recipient.ToString(), found.Count > 0,
                found.ConvertAll(why => new SuppressionReasonStatus(SuppressionReasons.Word(why.Reason), why.List, DateTimeOffset.FromUnixTimeMilliseconds(why.TimeMs))),
                removed),
            MtaJson.Default.SuppressionStatus);
}
