namespace Delivery.Aggregator.Audiences;

/// <summary>Which form a request asks for: <c>?format=</c>, else the Accept header, else NDJSON.</summary>
internal static class AudienceFormats
{
    public const string Parameter = "format";

    /// <summary>Null, with what is wrong.</summary>
    public static AudienceFormat? Read(HttpRequest request, out string? fault)
    {
        fault = null;
        switch (request.Query[Parameter].ToString())
        {
            case "":
                return Accepted(request.Headers.Accept.ToString());
            case "ndjson":
                return AudienceFormat.Ndjson;
            case "csv":
                return AudienceFormat.Csv;
            case "text":
                return AudienceFormat.Text;
            default:
                fault = $"'{Parameter}' must be ndjson, csv or text.";
                return null;
        }
    }

    public static string ContentType(AudienceFormat format) => format switch
    {
        AudienceFormat.Csv => "text/csv; charset=utf-8; header=present",
        AudienceFormat.Text => "text/plain; charset=utf-8",
        _ => "application/x-ndjson",
    };

    /// <summary>Another form than NDJSON where it is asked for by name and JSON is not.</summary>
    private static AudienceFormat Accepted(string accept)
    {
        if (accept.Contains("json", StringComparison.OrdinalIgnoreCase))
            return AudienceFormat.Ndjson;
        if (accept.Contains("text/csv", StringComparison.OrdinalIgnoreCase))
            return AudienceFormat.Csv;
        return accept.Contains("text/plain", StringComparison.OrdinalIgnoreCase) ? AudienceFormat.Text : AudienceFormat.Ndjson;
    }
}
