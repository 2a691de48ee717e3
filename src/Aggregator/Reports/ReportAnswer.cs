using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Extensions;

namespace Delivery.Aggregator.Reports;

/// <summary>An answer in the form that was asked for: the whole as JSON, or its rows as CSV or NDJSON.</summary>
internal static class ReportAnswer
{
    /// <param name="name">Of the file, without its ending: letters, digits and hyphens.</param>
    /// <param name="next">Cursor of the page behind; null for none.</param>
    /// <param name="nextParameter">Parameter that takes the cursor.</param>
    public static IResult Of<TReport, TRow>(
        HttpRequest request, ReportFormat format, TReport report, JsonTypeInfo<TReport> type, IEnumerable<TRow> rows, JsonTypeInfo<TRow> rowType,
        string name, DateTimeOffset? fresh, string? next = null, string nextParameter = "before") =>
        format == ReportFormat.Json
            ? TypedResults.Json(report, type)
            : new RowsResult<TRow>(format, rows.ToAsyncEnumerable(), rowType, name, fresh, next is null ? null : Page(request, nextParameter, next));

    private static string Page(HttpRequest request, string parameter, string cursor)
    {
        var query = new QueryBuilder(request.Query.Where(one => one.Key != parameter)) { { parameter, cursor } };
        return request.Path + query.ToString();
    }
}
