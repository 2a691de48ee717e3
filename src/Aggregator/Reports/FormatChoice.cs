using System.Diagnostics.CodeAnalysis;

namespace Delivery.Aggregator.Reports;

/// <summary>Which form a request asks for: <c>?format=</c>, else the Accept header.</summary>
internal static class FormatChoice
{
    public const string Parameter = "format";
    public const string CsvType = "text/csv; charset=utf-8; header=present";
    public const string NdjsonType = "application/x-ndjson";

    /// <summary>False, with what is wrong, where <c>format</c> is none of <c>json</c>, <c>csv</c>, <c>ndjson</c>.</summary>
    public static bool TryRead(HttpRequest request, out ReportFormat format, [NotNullWhen(false)] out string? fault)
    {
        var named = request.Query[Parameter].ToString();
        fault = null;
        format = named.Length == 0 ? Accepted(request.Headers.Accept.ToString()) : ReportFormat.Json;
        switch (named)
        {
            case "" or "json":
                return true;
            case "csv":
                format = ReportFormat.Csv;
                return true;
            case "ndjson":
                format = ReportFormat.Ndjson;
                return true;
            default:
                fault = $"'{Parameter}' is '{named}'; give json, csv or ndjson.";
                return false;
        }
    }

    /// <summary>Another form than JSON where it is asked for by name and JSON is not.</summary>
    private static ReportFormat Accepted(string accept)
    {
        if (Names("application/json"))
            return ReportFormat.Json;
        if (Names("text/csv"))
            return ReportFormat.Csv;
        return Names("application/x-ndjson") || Names("application/ndjson") || Names("application/jsonl") ? ReportFormat.Ndjson : ReportFormat.Json;

        bool Names(string type) => accept.Contains(type, StringComparison.OrdinalIgnoreCase);
    }
}
