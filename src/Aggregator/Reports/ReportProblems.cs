using Delivery.Contracts.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Delivery.Aggregator.Reports;

/// <summary>The answers of reports that have no figures, as problem documents (RFC 9457).</summary>
internal static class ReportProblems
{
    public static ProblemHttpResult Unauthorized(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Of(StatusCodes.Status401Unauthorized, "Unauthorized", "Send a valid API key as 'Authorization: Bearer KEY'.");
    }

    public static ProblemHttpResult Forbidden(Right missing) =>
        TypedResults.Problem(
            $"It lacks the right '{RightNames.Format(missing)}': use a key that has it.", statusCode: StatusCodes.Status403Forbidden, title: "The API key may not do this",
            extensions: new Dictionary<string, object?> { ["missing_right"] = RightNames.Format(missing) });

    /// <param name="detail">Names the parameter or field, and what it may be.</param>
    public static ProblemHttpResult Invalid(string detail) => Of(StatusCodes.Status400BadRequest, "Not understood", detail);

    public static ProblemHttpResult NoSuchJob(string id) =>
        Of(StatusCodes.Status404NotFound, "No such job", $"This account has no job '{id}', or none of its events has arrived yet.");

    public static ProblemHttpResult Unavailable(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "5";
        return Of(StatusCodes.Status503ServiceUnavailable, "Reports are unavailable", "ClickHouse does not answer now. Nothing is lost; try again soon.");
    }

    public static ProblemHttpResult Busy(HttpContext http, int most)
    {
        http.Response.Headers.RetryAfter = "1";
        return Of(StatusCodes.Status429TooManyRequests, "Too many at once", $"This account has {most} questions under way: wait for answers before asking more.");
    }

    public static ProblemHttpResult Of(int status, string title, string detail) => TypedResults.Problem(detail, statusCode: status, title: title);
}
