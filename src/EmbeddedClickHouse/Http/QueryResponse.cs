using System.Globalization;
using System.IO.Compression;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>Writes the headers of a successful answer, and its body, compressed where that was asked for.</summary>
internal static class QueryResponse
{
    /// <summary>Sets the headers. The summary holds what is known when the first byte goes out.</summary>
    public static void Begin(HttpContext context, EngineHost engine, QueryRequest request, string format, QueryCounts counts)
    {
        var response = context.Response;
        var headers = response.Headers;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = OutputFormat.ContentType(format);
        headers["X-ClickHouse-Server-Display-Name"] = engine.HostName;
        headers["X-ClickHouse-Query-Id"] = request.QueryId;
        headers["X-ClickHouse-Format"] = format;
        headers["X-ClickHouse-Timezone"] = engine.TimeZone;
        headers["X-ClickHouse-Summary"] = Summary(counts);
        if (request.Progress) headers["X-ClickHouse-Progress"] = headers["X-ClickHouse-Summary"];
        if (request.Compress) headers.ContentEncoding = "gzip";
    }

    /// <summary>The stream for the body; dispose it to end the compressed data.</summary>
    public static Stream OpenBody(HttpContext context, QueryRequest request) =>
        request.Compress ? new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true) : context.Response.Body;

    private static string Summary(QueryCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"read_rows\":\"{counts.ReadRows}\",\"read_bytes\":\"{counts.ReadBytes}\",\"written_rows\":\"{counts.WrittenRows}\",\"written_bytes\":\"{counts.WrittenBytes}\",\"total_rows_to_read\":\"0\",\"result_rows\":\"{counts.ResultRows}\",\"result_bytes\":\"{counts.ResultBytes}\",\"elapsed_ns\":\"{(long)(counts.Elapsed * 1e9)}\"}}");
}
