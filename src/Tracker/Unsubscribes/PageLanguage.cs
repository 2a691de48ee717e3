using Delivery.Contracts.Tokens;

namespace Delivery.Tracker.Unsubscribes;

/// <summary>Which language a page is in: that of the mail, else that of the browser, else English.</summary>
internal static class PageLanguage
{
    public static MailLanguage Of(MailLanguage mail, HttpRequest request) => mail is MailLanguage.Hebrew or MailLanguage.English ? mail : Wanted(request);

    /// <summary>Of those that there are pages in, the one asked for with the most weight, and the first of several.</summary>
    private static MailLanguage Wanted(HttpRequest request)
    {
        double best = 0;
        var wanted = MailLanguage.English;
        foreach (var language in request.GetTypedHeaders().AcceptLanguage)
        {
            var known = LanguageTag.Read(language.Value.AsSpan());
            if (known == MailLanguage.Unknown || (language.Quality ?? 1) <= best)
                continue;
            best = language.Quality ?? 1;
            wanted = known;
        }

        return wanted;
    }
}
