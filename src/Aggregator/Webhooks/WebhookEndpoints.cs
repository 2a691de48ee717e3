using System.Text.Json;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Reports;
using Delivery.Aggregator.Telemetry;
using Delivery.Contracts.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using StackExchange.Redis;

namespace Delivery.Aggregator.Webhooks;

/// <summary><c>/v1/webhooks</c>: an account's webhooks. The right <c>read</c> looks, <c>admin</c> changes; another account's webhook is as unknown as one that never was.</summary>
internal static class WebhookEndpoints
{
    private const int MaxBody = 64 * 1024;
    private static readonly object AccountItem = new();

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var webhooks = routes.MapGroup("/v1/webhooks");
        webhooks.AddEndpointFilter(AdmitAsync);
        webhooks.MapGet("", ListAsync);
        webhooks.MapPost("", CreateAsync);
        webhooks.MapGet("{id}", FindAsync);
        webhooks.MapPatch("{id}", ChangeAsync);
        webhooks.MapDelete("{id}", DeleteAsync);
        webhooks.MapPost("{id}/rotate-secret", RotateAsync);
        webhooks.MapPost("{id}/resume", ResumeAsync);
        webhooks.MapPost("{id}/test", TestAsync);
        webhooks.MapGet("{id}/attempts", AttemptsAsync);
    }

    private static async ValueTask<object?> AdmitAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        var needed = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) ? Right.Read : Right.Admin;
        if (!services.GetRequiredService<ReportAccess>().TryAdmit(http, needed, out var caller, out var refusal))
            return refusal;
        var known = http.Request.Path.Value!.EndsWith("/attempts", StringComparison.Ordinal) ? "limit" : null;
        if (http.Request.Query.Keys.FirstOrDefault(name => name != known) is { } unknown)
            return ReportProblems.Invalid($"'{unknown}' is no parameter of this call{(known is null ? "" : $": use {known}")}.");
        http.Items[AccountItem] = caller.Id;
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ClickHouseException)
        {
            Log.WebhookCallFailed(services.GetRequiredService<ILoggerFactory>().CreateLogger("Delivery.Aggregator.Webhooks"), e.Message);
            http.Response.Headers.RetryAfter = "5";
            return ReportProblems.Of(StatusCodes.Status503ServiceUnavailable, "Webhooks cannot be looked at", "Redis or ClickHouse does not answer now. Look again before you repeat a change.");
        }
    }

    private static async Task<IResult> ListAsync(HttpContext http, AccountWebhooks webhooks) =>
        TypedResults.Json(new WebhookList(await webhooks.ListAsync(Account(http)).ConfigureAwait(false)), WebhookJson.Default.WebhookList);

    private static async Task<IResult> CreateAsync(HttpContext http, AccountWebhooks webhooks, TargetRules rules)
    {
        var (body, fault) = await BodyAsync(http).ConfigureAwait(false);
        if (fault is not null)
            return ReportProblems.Invalid(fault);
        (var request, fault) = WebhookRequest.Read(body, rules, isNew: true);
        if (fault is not null)
            return ReportProblems.Invalid(fault);
        var (made, refused) = await webhooks.CreateAsync(Account(http), request, http.RequestAborted).ConfigureAwait(false);
        if (refused is not null)
            return refused;
        http.Response.Headers.Location = $"/v1/webhooks/{made!.Id}";
        return TypedResults.Json(made, WebhookJson.Default.WebhookAnswer, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> FindAsync(string id, HttpContext http, AccountWebhooks webhooks) =>
        Answer(id, await webhooks.FindAsync(Account(http), id).ConfigureAwait(false));

    private static async Task<IResult> ChangeAsync(string id, HttpContext http, AccountWebhooks webhooks, TargetRules rules)
    {
        var (body, fault) = await BodyAsync(http).ConfigureAwait(false);
        if (fault is not null)
            return ReportProblems.Invalid(fault);
        (var request, fault) = WebhookRequest.Read(body, rules, isNew: false);
        if (fault is not null)
            return ReportProblems.Invalid(fault);
        return Answer(id, await webhooks.ChangeAsync(
            Account(http), id, one => one.With(request.Url, request.Events, request.Enabled, request.Campaign), restart: request.Enabled == true || request.Url is not null).ConfigureAwait(false));
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext http, AccountWebhooks webhooks) =>
        await webhooks.DeleteAsync(Account(http), id).ConfigureAwait(false) ? TypedResults.NoContent() : NotFound(id);

    private static async Task<IResult> RotateAsync(string id, HttpContext http, AccountWebhooks webhooks) =>
        Answer(id, await webhooks.RotateAsync(Account(http), id).ConfigureAwait(false));

    private static async Task<IResult> ResumeAsync(string id, HttpContext http, AccountWebhooks webhooks, TimeProvider time) =>
        Answer(id, await webhooks.ChangeAsync(Account(http), id, one => one.With(enabled: true, resumed: time.GetUtcNow()), restart: true).ConfigureAwait(false));

    private static async Task<IResult> TestAsync(string id, HttpContext http, AccountWebhooks webhooks)
    {
        var (answer, busy) = await webhooks.TestAsync(Account(http), id, http.RequestAborted).ConfigureAwait(false);
        if (busy)
        {
            http.Response.Headers.RetryAfter = "5";
            return ReportProblems.Of(StatusCodes.Status429TooManyRequests, "Too many tests", $"This webhook is being tested already, or {TestPlaces.MostAtOnce} others are: test it again when that is over.");
        }

        return answer is null ? NotFound(id) : TypedResults.Json(answer, WebhookJson.Default.TestAnswer);
    }

    private static async Task<IResult> AttemptsAsync(string id, HttpContext http, AccountWebhooks webhooks)
    {
        var limit = SenderLedger.AttemptsKept;
        if (http.Request.Query.TryGetValue("limit", out var text)
            && !(int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= SenderLedger.AttemptsKept))
            return ReportProblems.Invalid($"limit: a number from 1 to {SenderLedger.AttemptsKept}.");
        return await webhooks.AttemptsAsync(Account(http), id, limit).ConfigureAwait(false) is { } attempts
            ? TypedResults.Json(new AttemptList(id, attempts), WebhookJson.Default.AttemptList)
            : NotFound(id);
    }

    private static uint Account(HttpContext http) => (uint)http.Items[AccountItem]!;

    private static async Task<(JsonElement Body, string? Fault)> BodyAsync(HttpContext http)
    {
        if (http.Request.ContentLength > MaxBody)
            return (default, $"body: longer than {MaxBody} bytes.");
        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 };
            using var limited = new MemoryStream();
            var buffer = new byte[4096];
            for (int read; (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted).ConfigureAwait(false)) > 0;)
            {
                limited.Write(buffer, 0, read);
                if (limited.Length > MaxBody)
                    return (default, $"body: longer than {MaxBody} bytes.");
            }

            using var json = JsonDocument.Parse(limited.ToArray(), options);
            return (json.RootElement.Clone(), null);
        }
        catch (JsonException e)
        {
            return (default, $"body: not valid JSON, at line {e.LineNumber + 1}.");
        }
    }

    private static IResult Answer(string id, WebhookAnswer? answer) =>
        answer is null ? NotFound(id) : TypedResults.Json(answer, WebhookJson.Default.WebhookAnswer);

    private static ProblemHttpResult NotFound(string id) => ReportProblems.Of(StatusCodes.Status404NotFound, "No such webhook", $"This account has no webhook '{id}'.");
}
