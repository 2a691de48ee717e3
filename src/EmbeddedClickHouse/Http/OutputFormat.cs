namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>What HTTP needs to know of a format of results.</summary>
internal static class OutputFormat
{
    public const string Default = "TabSeparated";

    /// <summary>
    /// Formats that are rows after rows with nothing around them. The engine streams a result as one document per chunk,
    /// so any other format is made whole before it is sent.
    /// </summary>
    private static readonly HashSet<string> Streamed = new(StringComparer.OrdinalIgnoreCase)
    {
        "TabSeparated", "TSV", "TabSeparatedRaw", "TSVRaw", "Raw", "CSV", "JSONEachRow", "JSONLines", "NDJSON",
        "JSONCompactEachRow", "JSONStringsEachRow", "JSONCompactStringsEachRow", "RowBinary", "Native", "LineAsString", "TSKV",
    };

    public static bool IsStreamed(string format) => Streamed.Contains(format);

    public static string ContentType(string format)
    {
        var name = format.ToUpperInvariant();
        if (name.StartsWith("CSV", StringComparison.Ordinal))
            return "text/csv; charset=UTF-8; header=" + (name.Contains("WITHNAMES", StringComparison.Ordinal) ? "present" : "absent");
        if (name is "NDJSON" or "JSONLINES" || (name.StartsWith("JSON", StringComparison.Ordinal) && name.Contains("EACHROW", StringComparison.Ordinal)))
            return "application/x-ndjson; charset=UTF-8";
        if (name.StartsWith("JSON", StringComparison.Ordinal)) return "application/json; charset=UTF-8";
        if (name.StartsWith("TABSEPARATED", StringComparison.Ordinal) || name.StartsWith("TSV", StringComparison.Ordinal) || name == "RAW")
            return "text/tab-separated-values; charset=UTF-8";
        return name switch
        {
            "XML" => "application/xml; charset=UTF-8",
            "MARKDOWN" => "text/markdown; charset=UTF-8",
            "PROMETHEUS" => "text/plain; version=0.0.4; charset=UTF-8",
            _ when name.StartsWith("ROWBINARY", StringComparison.Ordinal) => "application/octet-stream",
            "NATIVE" or "PARQUET" or "ARROW" or "ARROWSTREAM" or "ORC" or "AVRO" or "MSGPACK" or "NPY" or "BSONEACHROW" => "application/octet-stream",
            _ => "text/plain; charset=UTF-8",
        };
    }
}
