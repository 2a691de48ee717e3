namespace Delivery.Tracker.Opens;

/// <summary>One transparent point, 43 bytes of GIF, never cached: each opening asks again.</summary>
internal static class Pixel
{
    private static readonly byte[] Gif = Convert.FromHexString(
        "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b");

    public static Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        var headers = response.Headers;
        headers.ContentType = "image/gif";
        headers.CacheControl = "no-store, no-cache, must-revalidate, private";
        headers.Pragma = "no-cache";
        headers.Expires = "Thu, 01 Jan 1970 00:00:00 GMT";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentLength = Gif.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.BodyWriter.WriteAsync(Gif).AsTask();
    }
}
