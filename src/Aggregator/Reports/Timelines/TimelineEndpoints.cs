using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports.Timelines;

/// <summary><c>GET /v1/jobs/{id}/report/timeline</c> and <c>…/hours</c>.</summary>
internal static class TimelineEndpoints
{
    public static void MapTimelines(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/jobs/{id}/report/timeline", (string id, HttpContext http, ReportAccess access, ReportZones zones, TimelineQuery query) =>
            access.AnswerJobAsync(http, Right.Read, id, async (caller, job) =>
            {
                var asked = new ReportParameters(http.Request, TimeStep.Parameter, ReportZones.Parameter);
                var step = TimeStep.Of(asked, TimeStep.Hour);
                var zone = await zones.OfAsync(asked, caller, http.RequestAborted).ConfigureAwait(false);
                if (asked.Fault is { } fault)
                    return ReportProblems.Invalid(fault);
                return await query.TimelineAsync(caller.Id, job, step, zone, http.RequestAborted).ConfigureAwait(false) is { } report
                    ? ReportAnswer.Of(
                        http.Request, asked.Format, report, ReportJson.Default.TimelineReport, report.Points, ReportJson.Default.TimelinePoint,
                        $"job-{job}-timeline", report.FreshAsOf)
                    : ReportProblems.NoSuchJob(id);
            }));
        routes.MapGet("/v1/jobs/{id}/report/hours", (string id, HttpContext http, ReportAccess access, ReportZones zones, TimelineQuery query) =>
            access.AnswerJobAsync(http, Right.Read, id, async (caller, job) =>
            {
                var asked = new ReportParameters(http.Request, ReportZones.Parameter);
                var zone = await zones.OfAsync(asked, caller, http.RequestAborted).ConfigureAwait(false);
                if (asked.Fault is { } fault)
                    return ReportProblems.Invalid(fault);
                return await query.HoursAsync(caller.Id, job, zone, http.RequestAborted).ConfigureAwait(false) is { } report
                    ? ReportAnswer.Of(
                        http.Request, asked.Format, report, ReportJson.Default.HoursReport, report.Hours, ReportJson.Default.HourFigures,
                        $"job-{job}-hours", report.FreshAsOf)
                    : ReportProblems.NoSuchJob(id);
            }));
    }
}
