using System.Globalization;
using Delivery.Aggregator.Reports.Figures;
using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports.Bounces;

/// <summary><c>GET /v1/jobs/{id}/report/bounces</c>.</summary>
internal static class BounceEndpoint
{
    private const string Sql =
        $"""
        SELECT kind, if(kind = 'dropped', toString(reason), toString(bounce_class)) AS class, groupBitmapMerge(people) AS recipients, sum(events) AS events
        FROM events_by_job_rows
        WHERE kind IN ('bounced', 'out_of_band', 'dropped', 'expired', 'deferred') AND {RollupQuery.OfJob}
        GROUP BY kind, class ORDER BY recipients DESC, kind, class
        """;

    public static void MapBounces(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/jobs/{id}/report/bounces", (string id, HttpContext http, ReportAccess access, RollupQuery rollups, Freshness freshness) =>
            access.AnswerJobAsync(http, Right.Read, id, async (caller, job) =>
            {
                var asked = new ReportParameters(http.Request);
                if (asked.Fault is { } fault)
                    return ReportProblems.Invalid(fault);
                var fresh = await freshness.OfAsync(job).ConfigureAwait(false);
                var rows = await rollups.RowsAsync(Sql, ReportJson.Default.BounceFigures, caller.Id, job, http.RequestAborted).ConfigureAwait(false);
                if (rows.Count == 0 && !await rollups.HasAsync(caller.Id, job, http.RequestAborted).ConfigureAwait(false))
                    return ReportProblems.NoSuchJob(id);
                return ReportAnswer.Of(
                    http.Request, asked.Format, new BounceReport(job.ToString(CultureInfo.InvariantCulture), fresh, rows), ReportJson.Default.BounceReport,
                    rows, ReportJson.Default.BounceFigures, $"job-{job}-bounces", fresh);
            }));
}
