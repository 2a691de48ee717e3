using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>
/// <c>GET /v1/jobs/{id}/report</c>, whose rows are the click breakdown; that as CSV also under <c>…/report/clicks.csv</c>. Another
/// account's job is as unknown as one that never was.
/// </summary>
internal static class JobReportEndpoints
{
    public static void MapJobReport(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/jobs/{id}/report", (string id, HttpContext http, ReportAccess access, JobReportQuery query) => AnswerAsync(id, false, http, access, query));
        routes.MapGet("/v1/jobs/{id}/report/clicks.csv", (string id, HttpContext http, ReportAccess access, JobReportQuery query) => AnswerAsync(id, true, http, access, query));
    }

    private static Task<IResult> AnswerAsync(string id, bool csv, HttpContext http, ReportAccess access, JobReportQuery query) =>
        access.AnswerJobAsync(http, Right.Read, id, async (caller, job) =>
        {
            var asked = new ReportParameters(http.Request);
            if (asked.Fault is { } fault)
                return ReportProblems.Invalid(fault);
            if (!csv && asked.Format == ReportFormat.Json)
            {
                return await query.FindAsync(caller.Id, job, http.RequestAborted).ConfigureAwait(false) is { } report
                    ? TypedResults.Json(report, ReportJson.Default.JobReport)
                    : ReportProblems.NoSuchJob(id);
            }

            return await query.FindLinksAsync(caller.Id, job, http.RequestAborted).ConfigureAwait(false) is var (fresh, links)
                ? new RowsResult<LinkReport>(
                    csv ? ReportFormat.Csv : asked.Format, links.ToAsyncEnumerable(), ReportJson.Default.LinkReport, $"job-{job}-clicks", fresh, null)
                : ReportProblems.NoSuchJob(id);
        });
}
