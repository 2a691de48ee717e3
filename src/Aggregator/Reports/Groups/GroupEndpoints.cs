using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports.Groups;

/// <summary><c>GET /v1/jobs/{id}/report/domains</c>, <c>…/variants</c> and <c>…/providers</c>.</summary>
internal static class GroupEndpoints
{
    private const int MaxLimit = 10_000;

    public static void MapGroups(this IEndpointRouteBuilder routes)
    {
        Map(routes, AudienceGrouping.Domains, row => new DomainFigures(row), ReportJson.Default.DomainFigures,
            (job, fresh, rows, others) => new DomainReport(job, fresh, rows, others), ReportJson.Default.DomainReport);
        Map(routes, AudienceGrouping.Variants, row => new VariantFigures(row), ReportJson.Default.VariantFigures,
            (job, fresh, rows, others) => new VariantReport(job, fresh, rows, others), ReportJson.Default.VariantReport);
        Map(routes, AudienceGrouping.Providers, row => new ProviderFigures(row), ReportJson.Default.ProviderFigures,
            (job, fresh, rows, others) => new ProviderReport(job, fresh, rows, others), ReportJson.Default.ProviderReport);
    }

    private static void Map<TRow, TReport>(
        IEndpointRouteBuilder routes, AudienceGrouping by, Func<GroupRow, TRow> row, JsonTypeInfo<TRow> rowType,
        Func<string, DateTimeOffset?, List<TRow>, GroupFigures?, TReport> report, JsonTypeInfo<TReport> type) =>
        routes.MapGet($"/v1/jobs/{{id}}/report/{by.Path}", (string id, HttpContext http, ReportAccess access, GroupQuery query) =>
            access.AnswerJobAsync(http, Right.Read, id, async (caller, job) =>
            {
                var asked = new ReportParameters(http.Request, "limit");
                var limit = asked.Number("limit", 1, MaxLimit, 50);
                if (asked.Fault is { } fault)
                    return ReportProblems.Invalid(fault);
                if (await query.ReadAsync(caller.Id, job, by, limit, http.RequestAborted).ConfigureAwait(false) is not var (fresh, found))
                    return ReportProblems.NoSuchJob(id);
                var rows = found.ConvertAll(one => row(one));
                return ReportAnswer.Of(
                    http.Request, asked.Format, report(job.ToString(CultureInfo.InvariantCulture), fresh, rows, GroupRow.Others(found)), type,
                    rows, rowType, $"job-{job}-{by.Path}", fresh);
            }));
}
