using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports.Jobs;

/// <summary><c>GET /v1/jobs</c>: an account's jobs with their figures, newest first, by pages.</summary>
internal static class JobListEndpoint
{
    private const int MaxLimit = 1000;

    public static void MapJobList(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/jobs", (HttpContext http, ReportAccess access, ReportZones zones, JobListQuery query) =>
            access.AnswerAsync(http, Right.Read, async caller =>
            {
                var asked = new ReportParameters(http.Request, "limit", "before", "campaign_id", "from", "to", "time_zone");
                var limit = asked.Number("limit", 1, MaxLimit, 50);
                var filter = new JobFilter(asked.Text("campaign_id"), asked.Moment("from"), asked.Moment("to"), Before(asked));
                var zone = await zones.OfAsync(asked, caller, http.RequestAborted).ConfigureAwait(false);
                if (asked.Fault is { } fault)
                    return ReportProblems.Invalid(fault);
                var list = await query.ReadAsync(caller.Id, filter, zone, limit, http.RequestAborted).ConfigureAwait(false);
                return ReportAnswer.Of(
                    http.Request, asked.Format, list, ReportJson.Default.JobList, list.Jobs, ReportJson.Default.JobLine, "jobs", list.FreshAsOf, list.Next);
            }));

    private static JobCursor? Before(ReportParameters asked)
    {
        if (asked.Text("before") is not { } text)
            return null;
        if (JobCursor.TryParse(text, out var cursor))
            return cursor;
        asked.Wrong($"'before' is '{text}'; give 'next' of the page before.");
        return null;
    }
}
