using System.Globalization;
using Delivery.Aggregator.Reports.Figures;
using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports.Responses;

/// <summary>
/// <c>GET /v1/jobs/{id}/report/response-times</c>. The one report of a job that reads its events: the roll-up knows quarters of an hour,
/// not who took how long. So events that have gone by retention are not in it.
/// </summary>
internal static class ResponseEndpoint
{
    private static readonly string Sql =
        $$"""
        SELECT countIf(o > 0) AS open_people, round(quantileExactInclusiveIf(0.5)(to_open, o > 0), 3) AS open_median, round(quantileExactInclusiveIf(0.9)(to_open, o > 0), 3) AS open_p90,
            [{{Steps("o > 0 AND to_open")}}] AS open_within,
            countIf(c > 0) AS click_people, round(quantileExactInclusiveIf(0.5)(to_click, c > 0), 3) AS click_median, round(quantileExactInclusiveIf(0.9)(to_click, c > 0), 3) AS click_p90,
            [{{Steps("c > 0 AND to_click")}}] AS click_within
        FROM
        (
            SELECT minIf(ms, kind = 'delivered') AS d, minIf(ms, kind = 'opened') AS o, minIf(ms, kind = 'clicked') AS c,
                greatest(o - d, 0) / 1000 AS to_open, greatest(c - d, 0) / 1000 AS to_click
            FROM
            (
                SELECT recipient, kind, toUnixTimestamp64Milli(time) AS ms FROM events
                WHERE account = {account:UInt32} AND job = {job:UInt64} AND kind = 'delivered'
                UNION ALL
                SELECT e.recipient, e.kind, toUnixTimestamp64Milli(e.time) FROM events AS e
                LEFT ANY JOIN
                (
                    SELECT shard, producer, number, class, version FROM reclassifications FINAL WHERE account = {account:UInt32} AND job = {job:UInt64}
                ) AS r ON r.shard = e.shard AND r.producer = e.producer AND r.number = e.number
                WHERE e.account = {account:UInt32} AND e.job = {job:UInt64} AND e.kind IN ('opened', 'clicked')
                    AND if(r.version > 0, r.class, e.class) = 'human'
            )
            GROUP BY recipient HAVING d > 0 AND (o > 0 OR c > 0)
        )
        """;

    public static void MapResponses(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/jobs/{id}/report/response-times", (string id, HttpContext http, ReportAccess access, RollupQuery rollups, Freshness freshness) =>
            access.AnswerJobAsync(http, Right.Read, id, async (caller, job) =>
            {
                var asked = new ReportParameters(http.Request);
                if (asked.Fault is { } fault)
                    return ReportProblems.Invalid(fault);
                var fresh = await freshness.OfAsync(job).ConfigureAwait(false);
                var row = (await rollups.RowsAsync(Sql, ReportJson.Default.ResponseRow, caller.Id, job, http.RequestAborted).ConfigureAwait(false))[0];
                if (row is { OpenPeople: 0, ClickPeople: 0 } && !await rollups.HasAsync(caller.Id, job, http.RequestAborted).ConfigureAwait(false))
                    return ReportProblems.NoSuchJob(id);
                var report = new ResponseReport(
                    job.ToString(CultureInfo.InvariantCulture), fresh,
                    ResponseTimes.Of(row.OpenPeople, row.OpenMedian, row.OpenP90, row.OpenWithin),
                    ResponseTimes.Of(row.ClickPeople, row.ClickMedian, row.ClickP90, row.ClickWithin));
                return ReportAnswer.Of(
                    http.Request, asked.Format, report, ReportJson.Default.ResponseReport, report.Lines(), ReportJson.Default.ResponseLine,
                    $"job-{job}-response-times", fresh);
            }));

    private static string Steps(string seconds) => string.Join(", ", ResponseTimes.Steps.Select(step => string.Create(CultureInfo.InvariantCulture, $"countIf({seconds} <= {step})")));
}
