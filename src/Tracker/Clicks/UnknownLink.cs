namespace Delivery.Tracker.Clicks;

/// <summary>What a forged, cut or foreign link gets: 404 and a line that echoes nothing.</summary>
internal static class UnknownLink
{
    private static readonly byte[] Text = "This link is not valid. Please use the link in the e-mail as it was sent.\n"u8.ToArray();

    public static Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        var headers = context.Response.Headers;
        headers.ContentType = "text/plain; charset=utf-8";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentLength = Text.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.BodyWriter.WriteAsync(Text).AsTask();
    }
}
