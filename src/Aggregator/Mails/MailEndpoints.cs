using System.Globalization;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Telemetry;
using Delivery.Contracts.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Delivery.Aggregator.Mails;

/// <summary><c>GET /v1/jobs/{id}/mail</c>: what the mail looks like, for people who look at its figures.</summary>
internal static class MailEndpoints
{
    public static void MapMails(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/jobs/{id}/mail", AnswerAsync);

    private static async Task<IResult> AnswerAsync(string id, HttpContext http, ApiKeyTable keys, MailQuery query, SchemaState schema, ILoggerFactory logs)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Vary = "Authorization";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (!keys.TryAuthenticate(http.Request.Headers.Authorization.ToString(), out var account, out var rights))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem(StatusCodes.Status401Unauthorized, "Unauthorized", "Send a valid API key as 'Authorization: Bearer KEY'.");
        }

        if (!rights.HasFlag(Right.Read))
            return Forbidden(Right.Read);
        if (http.Request.Query.Keys.FirstOrDefault() is { } unknown)
            return Problem(StatusCodes.Status400BadRequest, "Unknown parameter", $"There is no parameter '{unknown}': leave it out.");
        if (!ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var job))
            return NotFound(id);
        try
        {
            if (!schema.IsReady)
                return Unavailable(http);
            return await query.FindAsync(account, job, http.RequestAborted).ConfigureAwait(false) is { } mail
                ? TypedResults.Json(mail, MailJson.Default.MailAnswer)
                : NotFound(id);
        }
        catch (ClickHouseException e)
        {
            Log.ReportFailed(logs.CreateLogger("Delivery.Aggregator.Mails"), e.Message);
            return Unavailable(http);
        }
    }

    private static ProblemHttpResult NotFound(string id) =>
        Problem(StatusCodes.Status404NotFound, "No such job", $"This account has no job '{id}', or none of its events has arrived yet.");

    private static ProblemHttpResult Unavailable(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "5";
        return Problem(StatusCodes.Status503ServiceUnavailable, "Reports are unavailable", "ClickHouse does not answer now. Nothing is lost; try again soon.");
    }

    private static ProblemHttpResult Forbidden(Right missing) =>
        TypedResults.Problem(
            $"It lacks the right '{RightNames.Format(missing)}': use a key that has it.", statusCode: StatusCodes.Status403Forbidden, title: "The API key may not do this",
            extensions: new Dictionary<string, object?> { ["missing_right"] = RightNames.Format(missing) });

    private static ProblemHttpResult Problem(int status, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title);
}
