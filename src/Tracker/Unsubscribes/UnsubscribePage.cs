using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Delivery.Tracker.Unsubscribes;

/// <summary>
/// The page behind an unsubscribe link, in Hebrew or English as the browser asks. Made once; nothing of the request is in it,
/// and it has neither script nor picture nor cookie. Its form posts to where it stands.
/// </summary>
internal static class UnsubscribePage
{
    private const string Style =
        "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1.5rem;text-align:center;color:#1f2430;background:#fff}"
        + "h1{font-size:1.5rem}button{font:inherit;padding:.6rem 2rem;border:0;border-radius:.4rem;background:#1f4fd8;color:#fff;cursor:pointer}"
        + "button:focus-visible{outline:3px solid #f5a623}";

    private static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<PageState, byte[]> English = new()
    {
        [PageState.Ask] = Page("en", "Unsubscribe", "Do you want to stop receiving these e-mails?", "Unsubscribe"),
        [PageState.Done] = Page("en", "You are unsubscribed", "You will not receive these e-mails any more."),
        [PageState.TryAgain] = Page("en", "Not done yet", "Your request could not be saved just now. Please try again in a minute.", "Try again"),
        [PageState.Unknown] = Page("en", "This link is not valid", "Please use the link in the e-mail as it was sent."),
    };

    private static readonly Dictionary<PageState, byte[]> Hebrew = new()
    {
        [PageState.Ask] = Page("he", "הסרה מרשימת התפוצה", "האם להפסיק לשלוח אליך הודעות אלה?", "הסרה"),
        [PageState.Done] = Page("he", "הוסרת מרשימת התפוצה", "לא יישלחו אליך עוד הודעות אלה."),
        [PageState.TryAgain] = Page("he", "הבקשה עוד לא בוצעה", "לא ניתן היה לשמור את הבקשה כעת. נא לנסות שוב בעוד דקה.", "ניסיון נוסף"),
        [PageState.Unknown] = Page("he", "הקישור אינו תקין", "נא להשתמש בקישור כפי שנשלח בהודעה."),
    };

    public static Task WriteAsync(HttpContext context, int status, PageState state)
    {
        var page = (WantsHebrew(context.Request) ? Hebrew : English)[state];
        context.Response.StatusCode = status;
        var headers = context.Response.Headers;
        headers.ContentType = "text/html; charset=utf-8";
        headers.CacheControl = "no-store";
        headers.Vary = "Accept-Language";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex";
        headers.ContentLength = page.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(page).AsTask();
    }

    /// <summary>True where Hebrew (<c>he</c>, or <c>iw</c> of old) is asked for with more weight than English, or with the same and before it.</summary>
    private static bool WantsHebrew(HttpRequest request)
    {
        double best = 0;
        var wants = false;
        foreach (var language in request.GetTypedHeaders().AcceptLanguage)
        {
            var isHebrew = Is(language, "he") || Is(language, "iw");
            if ((!isHebrew && !Is(language, "en")) || (language.Quality ?? 1) <= best)
                continue;
            best = language.Quality ?? 1;
            wants = isHebrew;
        }

        return wants;
    }

    private static bool Is(StringWithQualityHeaderValue language, string tag) =>
        language.Value.Equals(tag, StringComparison.OrdinalIgnoreCase)
        || language.Value.StartsWith(tag + "-", StringComparison.OrdinalIgnoreCase);

    private static byte[] Page(string language, string title, string text, string? button = null)
    {
        var direction = language == "he" ? "rtl" : "ltr";
        var form = button is null ? "" : $"<form method=\"post\"><button type=\"submit\" name=\"from\" value=\"page\">{button}</button></form>";
        return Encoding.UTF8.GetBytes(
            $"<!doctype html><html lang=\"{language}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">"
            + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">"
            + $"<title>{title}</title><style>{Style}</style></head><body><main><h1>{title}</h1><p>{text}</p>{form}</main></body></html>\n");
    }
}
