using Microsoft.Net.Http.Headers;

namespace Delivery.Contracts.Telemetry;

/// <summary>Which of them a request gets.</summary>
internal static class MetricsFormats
{
    public static string ContentType(this MetricsFormat format) => format == MetricsFormat.OpenMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>OpenMetrics where the Accept header names it, in version 1.0.0 or none, and wants plain text no more than it; else Prometheus' text.</summary>
    public static MetricsFormat Choose(IList<string> accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
            return MetricsFormat.Prometheus;
        double open = 0, plain = 0;
        foreach (var range in ranges)
        {
            var quality = range.Quality ?? 1;
            if (range.MediaType == "application/openmetrics-text" && Version(range) is (null or "1.0.0"))
                open = Math.Max(open, quality);
            else if (range.MediaType == "text/plain" && Version(range) is (null or "0.0.4"))
                plain = Math.Max(plain, quality);
        }

        return open > 0 && open >= plain ? MetricsFormat.OpenMetrics : MetricsFormat.Prometheus;
    }

    private static string? Version(MediaTypeHeaderValue range)
    {
        foreach (var parameter in range.Parameters)
        {
            if (parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase))
                return HeaderUtilities.RemoveQuotes(parameter.Value).ToString();
        }

        return null;
    }
}
