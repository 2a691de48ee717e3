using Delivery.Contracts.Events;
using static Delivery.Contracts.Events.ReaderClass;
using static Delivery.Tracker.Classification.UserAgentMatch;

namespace Delivery.Tracker.Classification;

/// <summary>
/// The table of user agents; the first rule that fits decides. Events keep their user agent, so a rule that comes later can still be
/// applied to what was recorded before. curl counts as a person: people who test a mail use it, scanners do not.
/// </summary>
internal static class UserAgentRules
{
    public static IReadOnlyList<UserAgentRule> All { get; } =
    [
        new(Whole, "", Scanner, Scanner, "no_user_agent"),

        // Google and Yahoo fetch on behalf of a person who has the mail open; they never click.
        new(Contains, "GoogleImageProxy", Human, Proxy, "gmail_image_proxy"),
        new(Contains, "YahooMailProxy", Human, Proxy, "yahoo_image_proxy"),

        // Gmail's prefetch poses as Edge 12 of 2015; Apple's says nothing but this.
        new(Contains, "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246", Proxy, Proxy, "gmail_prefetch"),
        new(Whole, "Mozilla/5.0", Proxy, Proxy, "apple_mail_privacy"),

        new(Contains, "barracuda", Scanner, Scanner, "security_gateway"),
        new(Contains, "proofpoint", Scanner, Scanner, "security_gateway"),
        new(Contains, "mimecast", Scanner, Scanner, "security_gateway"),
        new(Contains, "symantec", Scanner, Scanner, "security_gateway"),
        new(Contains, "trendmicro", Scanner, Scanner, "security_gateway"),
        new(Contains, "safelinks", Scanner, Scanner, "security_gateway"),

        new(Contains, "headlesschrome", Scanner, Scanner, "headless_browser"),
        new(Contains, "phantomjs", Scanner, Scanner, "headless_browser"),

        new(Contains, "python-", Scanner, Scanner, "tool_user_agent"),
        new(Contains, "aiohttp", Scanner, Scanner, "tool_user_agent"),
        new(Contains, "wget/", Scanner, Scanner, "tool_user_agent"),
        new(Contains, "go-http-client", Scanner, Scanner, "tool_user_agent"),
        new(Contains, "libwww-perl", Scanner, Scanner, "tool_user_agent"),
        new(Contains, "apache-httpclient", Scanner, Scanner, "tool_user_agent"),

        // A maker of telephones, not a robot.
        new(Contains, "cubot", Human, Human, null),
        new(WordEnd, "bot", Scanner, Scanner, "known_bot"),
        new(Contains, "crawler", Scanner, Scanner, "known_bot"),
        new(Contains, "spider", Scanner, Scanner, "known_bot"),
        new(Contains, "facebookexternalhit", Scanner, Scanner, "known_bot"),
    ];
}
