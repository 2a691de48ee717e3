using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>The forms that an upload may have, by its headers.</summary>
internal static class UploadFormats
{
    public const string Accepted = "application/x-ndjson (one object a line; also application/ndjson, application/jsonl) or text/csv (with a header row), in UTF-8";

    public static bool TryOpen(HttpRequest request, [NotNullWhen(true)] out RecipientLines? lines, [NotNullWhen(false)] out FieldError? fault)
    {
        lines = null;
        if (!TryForm(request, out var csv, out fault))
            return false;
        lines = csv ? new CsvLines() : new JsonLines();
        return true;
    }

    /// <summary>Whether the body's lines are CSV, else they are NDJSON.</summary>
    public static bool TryForm(HttpRequest request, out bool csv, [NotNullWhen(false)] out FieldError? fault)
    {
        csv = false;
        fault = null;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            fault = new FieldError("Content-Type", $"is missing; taken are {Accepted}");
            return false;
        }

        var form = type.MediaType.Value?.ToLowerInvariant();
        csv = form == "text/csv";
        if ((!csv && form is not ("application/x-ndjson" or "application/ndjson" or "application/jsonl")) || (type.Charset.HasValue && !type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            fault = new FieldError("Content-Type", $"is not taken here; taken are {Accepted}");
        else if (Encoding(request) is not ("" or "identity" or "gzip"))
            fault = new FieldError("Content-Encoding", "is not taken here; taken is gzip");
        return fault is null;
    }

    /// <summary>The body as it was before it was compressed. The caller disposes of it.</summary>
    /// <param name="compressed">What it is compressed in, or null where it is not.</param>
    public static Stream Body(HttpRequest request, out CompressedBody? compressed)
    {
        compressed = Encoding(request) == "gzip" ? new CompressedBody(request.Body) : null;
        return compressed is null ? request.Body : new GZipStream(compressed, CompressionMode.Decompress, leaveOpen: true);
    }

    private static string Encoding(HttpRequest request) => request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
}
