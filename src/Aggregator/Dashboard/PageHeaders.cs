namespace Delivery.Aggregator.Dashboard;

/// <summary>
/// What a browser may do with the page: run and load the page's own files, ask its own origin, nothing else. Where the mail is
/// shown nothing is run or loaded at all; its own inline styles apply.
/// </summary>
internal static class PageHeaders
{
    public const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    public const string MailPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin";

    public static void Set(IHeaderDictionary headers, PageFile file)
    {
        var framed = file.Path == PageFiles.MailFrame;
        headers.ContentSecurityPolicy = framed ? MailPolicy : PagePolicy;
        headers.XFrameOptions = framed ? "SAMEORIGIN" : "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] =
            "accelerometer=(), camera=(), clipboard-read=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()";
        headers.CacheControl = "no-cache";
        headers.ETag = file.ETag;
    }
}
