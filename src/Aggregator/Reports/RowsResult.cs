using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Delivery.Aggregator.Reports;

/// <summary>
/// Rows as CSV or NDJSON, written as they come: no more than a few of them are held. Up to when they are complete is told by the
/// header <c>Fresh-As-Of</c>, and a page behind them by <c>Link</c> (RFC 8288). When the rows fail half way the connection is cut, so
/// that nobody takes a part for the whole.
/// </summary>
internal sealed class RowsResult<T>(ReportFormat format, IAsyncEnumerable<T> rows, JsonTypeInfo<T> type, string name, DateTimeOffset? fresh, string? next) : IResult
{
    private const int FlushAt = 16 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = format == ReportFormat.Csv ? FormatChoice.CsvType : FormatChoice.NdjsonType;
        if (format == ReportFormat.Csv)
            response.Headers.ContentDisposition = $"attachment; filename={name}.csv";
        if (fresh is { } moment)
            response.Headers["Fresh-As-Of"] = moment.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFzzz", CultureInfo.InvariantCulture);
        if (next is not null)
            response.Headers.Link = $"<{next}>; rel=\"next\"";
        try
        {
            await WriteAsync(response, httpContext.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception) when (response.HasStarted)
        {
            httpContext.Abort();
        }
    }

    private async Task WriteAsync(HttpResponse response, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var csv = format == ReportFormat.Csv ? new CsvTable<T>(type) : null;
        csv?.AppendHeader(text);
        await foreach (var row in rows.WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (csv is null)
                text.Append(JsonSerializer.Serialize(row, type)).Append('\n');
            else
                csv.AppendRow(text, row);
            if (text.Length < FlushAt)
                continue;
            await response.WriteAsync(text.ToString(), cancellation).ConfigureAwait(false);
            text.Clear();
        }

        await response.WriteAsync(text.ToString(), cancellation).ConfigureAwait(false);
    }
}
