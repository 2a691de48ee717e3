using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports.Sessions;

/// <summary><c>GET /v1/session</c>: what a key is for. Asks neither ClickHouse nor Redis.</summary>
internal static class SessionEndpoint
{
    public static void MapSession(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/session", IResult (HttpContext http, ReportAccess access) =>
        {
            if (!access.TryAdmit(http, Right.None, out var caller, out var refusal))
                return refusal;
            var asked = new ReportParameters(http.Request);
            if (asked.Fault is { } fault)
                return ReportProblems.Invalid(fault);
            var session = new SessionReport(caller.Id, caller.About?.Name, caller.TimeZone, RightNames.Format(caller.Rights).Split(','));
            return ReportAnswer.Of(http.Request, asked.Format, session, ReportJson.Default.SessionReport, [session], ReportJson.Default.SessionReport, "session", null);
        });
}
