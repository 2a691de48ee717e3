using System.Globalization;
using Delivery.EmbeddedClickHouse.Engine;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// A multipart body: the statement and its parameters, as clients send them that do not fit a URL. A part counts as the
/// URL's parameter of the same name.
/// </summary>
internal sealed class QueryForm(EngineOptions options)
{
    private const int MaxParts = 1_000;

    /// <summary>True for a body that holds parts and no rows.</summary>
    public static bool IsOne(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The parts of the body; none when it is of another kind, which stays unread.</summary>
    /// <exception cref="EngineException">A part is a file, the parts are too many or too long, or they cannot be read.</exception>
    public async ValueTask<IEnumerable<KeyValuePair<string, StringValues>>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!IsOne(request)) return [];
        if (request.Headers.ContentEncoding.Count > 0)
            throw EngineException.Of(48, "NOT_IMPLEMENTED", "A multipart body cannot be compressed");
        var limits = new FormOptions
        {
            ValueCountLimit = MaxParts, ValueLengthLimit = options.MaxQueryBytes, MultipartBodyLengthLimit = options.MaxQueryBytes, BufferBodyLengthLimit = options.MaxQueryBytes,
        };
        try
        {
            var form = await new FormFeature(request, limits).ReadFormAsync(cancellation);
            return form.Files.Count == 0 ? form : throw EngineException.Of(
                48, "NOT_IMPLEMENTED", "External tables in multipart bodies are not supported by the embedded engine: send the rows of an INSERT as the body");
        }
        catch (InvalidDataException error)
        {
            throw EngineException.Of(229, "QUERY_IS_TOO_LARGE", string.Create(
                CultureInfo.InvariantCulture, $"The multipart body cannot be read ({error.Message}); its parts may have EmbeddedClickHouse:MaxQueryBytes = {options.MaxQueryBytes} bytes together"));
        }
    }
}
