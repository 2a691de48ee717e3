using Delivery.Aggregator.Reports.Timelines;
using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports.Accounts;

/// <summary><c>GET /v1/reports/account</c>: without bounds, the last 30 days.</summary>
internal static class AccountEndpoint
{
    private static readonly TimeSpan Span = TimeSpan.FromDays(30);

    public static void MapAccount(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/reports/account", (HttpContext http, ReportAccess access, ReportZones zones, AccountQuery query, TimeProvider time) =>
            access.AnswerAsync(http, Right.Read, async caller =>
            {
                var asked = new ReportParameters(http.Request, "from", "to", TimeStep.Parameter, ReportZones.Parameter);
                var step = TimeStep.Of(asked, TimeStep.Day);
                var to = asked.Moment("to") ?? new ReportMoment(null, time.GetUtcNow());
                var from = asked.Moment("from") ?? (to.Time - Span < ReportMoment.Earliest ? new ReportMoment(null, ReportMoment.Earliest) : to with { Day = to.Day?.AddDays(-Span.Days), Time = to.Time - Span });
                if (from.Time >= to.Time)
                    asked.Wrong("'from' is not before 'to'; give an earlier one.");
                var zone = await zones.OfAsync(asked, caller, http.RequestAborted).ConfigureAwait(false);
                if (asked.Fault is { } fault)
                    return ReportProblems.Invalid(fault);
                var report = await query.ReadAsync(caller.Id, from, to, step, zone, http.RequestAborted).ConfigureAwait(false);
                return ReportAnswer.Of(
                    http.Request, asked.Format, report, ReportJson.Default.AccountReport, report.Points, ReportJson.Default.AccountPoint, "account", report.FreshAsOf);
            }));
}
