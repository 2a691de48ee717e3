using System.Net;
using System.Text.Json;

namespace Delivery.Cli.Demo.Results;

/// <summary>Reads the answer of <c>GET /v1/jobs/{id}/report</c>.</summary>
internal static class ReportFigures
{
    public static JobFigures Read(JsonElement report) => new()
    {
        Job = report.GetProperty("job").GetString()!,
        Recipients = report.GetProperty("recipients").GetProperty("accepted").GetInt64(),
        Delivered = report.GetProperty("delivered").GetInt64(),
        Opens = Pair(report.GetProperty("opens")),
        Clicks = Pair(report.GetProperty("clicks")),
        Unsubscribes = report.GetProperty("unsubscribes").GetProperty("total").GetInt64(),
        Links = [.. report.GetProperty("links").EnumerateArray()
            .Where(link => link.GetProperty("part").GetString() == "html")
            .Select(link => new LinkFigures(
                link.GetProperty("position").GetInt32(), WebUtility.HtmlDecode(link.GetProperty("url").GetString()!),
                link.GetProperty("clicks").GetInt64(), link.GetProperty("unique_clicks").GetInt64()))
            .OrderBy(link => link.Position)],
    };

    private static TotalAndUnique Pair(JsonElement pair) => new(pair.GetProperty("total").GetInt64(), pair.GetProperty("unique").GetInt64());
}
