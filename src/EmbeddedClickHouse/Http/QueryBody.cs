using System.IO.Compression;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>The request's body, decompressed.</summary>
internal static class QueryBody
{
    /// <exception cref="EngineException">The body has an encoding that is not gzip, deflate or br.</exception>
    public static Stream Open(HttpRequest request)
    {
        return request.Headers.ContentEncoding.ToString().ToUpperInvariant() switch
        {
            "" or "IDENTITY" => request.Body,
            "GZIP" => new GZipStream(request.Body, CompressionMode.Decompress),
            "DEFLATE" => new ZLibStream(request.Body, CompressionMode.Decompress),
            "BR" => new BrotliStream(request.Body, CompressionMode.Decompress),
            var other => throw EngineException.Of(48, "NOT_IMPLEMENTED", $"Content-Encoding {other} is not supported: use gzip, deflate or br"),
        };
    }

    /// <summary>Fills the buffer as far as the body goes and gives the number of bytes, which is short only at the end.</summary>
    public static async ValueTask<int> FillAsync(Stream body, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        }
        catch (InvalidDataException)
        {
            throw EngineException.Of(117, "INCORRECT_DATA", "The body is not valid in the encoding that Content-Encoding names");
        }
    }
}
