namespace Delivery.Tracker.Clicks;

/// <summary>What follows from the link that no person can see: 200 and a line of text, so that whoever checks links finds nothing to object to.</summary>
internal static class ScannerPage
{
    private static readonly byte[] Text = "This link is for programs that check links. There is nothing to see here.\n"u8.ToArray();

    public static Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        var headers = context.Response.Headers;
        headers.ContentType = "text/plain; charset=utf-8";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex, nofollow";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentLength = Text.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.BodyWriter.WriteAsync(Text).AsTask();
    }
}
