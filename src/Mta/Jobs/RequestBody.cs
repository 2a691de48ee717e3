using Microsoft.AspNetCore.Http.Features;

namespace Delivery.Mta.Jobs;

/// <summary>Reads a request's body whole, up to a bound.</summary>
internal static class RequestBody
{
    private const int FirstBytes = 64 * 1024;

    /// <summary>Null where it is larger than <paramref name="limit"/> bytes.</summary>
    /// <exception cref="OperationCanceledException">It did not come in time, or the client is gone.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, long limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
            return null;
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = limit;
        try
        {
            var body = new MemoryStream((int)(request.ContentLength ?? FirstBytes));
            await request.Body.CopyToAsync(body, cancellation).ConfigureAwait(false);
            return body.GetBuffer().AsMemory(0, (int)body.Length);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }
}
