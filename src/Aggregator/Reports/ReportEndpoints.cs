using System.Globalization;
using System.Text;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Telemetry;
using Delivery.Contracts.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Delivery.Aggregator.Reports;

/// <summary>
/// <c>GET /v1/jobs/{id}/report</c> as JSON, or with <c>Accept: text/csv</c> its click breakdown; the latter also under
/// <c>…/report/clicks.csv</c>. Another account's job is as unknown as one that never was.
/// </summary>
internal static class ReportEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/jobs/{id}/report", (string id, HttpContext http, ApiKeyTable keys, JobReportQuery query, SchemaState schema, ILoggerFactory logs) =>
            AnswerAsync(id, WantsCsv(http.Request), http, keys, query, schema, logs));
        routes.MapGet("/v1/jobs/{id}/report/clicks.csv", (string id, HttpContext http, ApiKeyTable keys, JobReportQuery query, SchemaState schema, ILoggerFactory logs) =>
            AnswerAsync(id, true, http, keys, query, schema, logs));
    }

    private static async Task<IResult> AnswerAsync(
        string id, bool csv, HttpContext http, ApiKeyTable keys, JobReportQuery query, SchemaState schema, ILoggerFactory logs)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Vary = "Accept, Authorization";
        if (!keys.TryAuthenticate(http.Request.Headers.Authorization.ToString(), out var account, out var rights))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem(StatusCodes.Status401Unauthorized, "Unauthorized", "Send a valid API key as 'Authorization: Bearer KEY'.");
        }

        if (!rights.HasFlag(Right.Read))
            return Forbidden(Right.Read);
        if (!ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var job))
            return NotFound(id);
        try
        {
            if (!schema.IsReady)
                return Unavailable(http);
            if (await query.FindAsync(account, job, http.RequestAborted).ConfigureAwait(false) is not { } report)
                return NotFound(id);
            return csv
                ? TypedResults.File(Encoding.UTF8.GetBytes(ClicksCsv.Write(report.Links)), "text/csv; charset=utf-8; header=present", $"job-{job}-clicks.csv")
                : TypedResults.Json(report, ReportJson.Default.JobReport);
        }
        catch (ClickHouseException e)
        {
            Log.ReportFailed(logs.CreateLogger("Delivery.Aggregator.Reports"), e.Message);
            return Unavailable(http);
        }
    }

    /// <summary>CSV where it is asked for by name and JSON is not.</summary>
    private static bool WantsCsv(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Contains("text/csv", StringComparison.OrdinalIgnoreCase) && !accept.Contains("application/json", StringComparison.OrdinalIgnoreCase);
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
