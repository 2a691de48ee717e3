using Microsoft.AspNetCore.Http.Features;

namespace Delivery.Mta.Jobs;

/// <summary>Reads a request's body whole, up to a bound.</summary>
internal static class RequestBody
{
    /// <summary>Null where it is larger than <paramref name="limit"/> bytes.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, long limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
            return null;
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = limit;
        try
        {
            using var body = new MemoryStream((int)(request.ContentLength ?? 64 * 1024));
            await request.Body.CopyToAsync(body, cancellation).ConfigureAwait(false);
            return body.ToArray();
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }
}
