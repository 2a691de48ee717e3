using static Delivery.Contracts.Events.ReaderClass;
using static Delivery.Contracts.Readers.UserAgentMatch;

namespace Delivery.Contracts.Readers;

/// <summary>
/// What is known of programs that fetch mail's pictures and links, before the public list of crawlers is asked; the first rule that
/// fits decides. Events keep their user agent, so a rule that comes later can still be applied to what was recorded before.
/// </summary>
public static class UserAgentRules
{
    public static IReadOnlyList<UserAgentRule> All { get; } =
    [
        new(Whole, "", Scanner, Scanner, "no_user_agent"),

        // These fetch on behalf of a person who has the mail open; they never click.
        new(Contains, "GoogleImageProxy", Human, Proxy, "gmail_image_proxy"),
        new(Contains, "YahooMailProxy", Human, Proxy, "yahoo_image_proxy"),

        // Gmail's prefetch poses as Edge 12 of 2015; Apple's says nothing but this.
        new(Contains, "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246", Proxy, Proxy, "gmail_prefetch"),
        new(Whole, "Mozilla/5.0", Proxy, Proxy, "apple_mail_privacy"),

        // Office asks about a link before it hands it to the person's browser.
        new(Contains, "Existence Discovery", Proxy, Proxy, "office_discovery"),
        new(Contains, "Protocol Discovery", Proxy, Proxy, "office_discovery"),

        new(Contains, "barracuda", Scanner, Scanner, "security_gateway"),
        new(Contains, "proofpoint", Scanner, Scanner, "security_gateway"),
        new(Contains, "urldefense", Scanner, Scanner, "security_gateway"),
        new(Contains, "mimecast", Scanner, Scanner, "security_gateway"),
        new(Contains, "symantec", Scanner, Scanner, "security_gateway"),
        new(Contains, "messagelabs", Scanner, Scanner, "security_gateway"),
        new(Contains, "trendmicro", Scanner, Scanner, "security_gateway"),
        new(Contains, "trend micro", Scanner, Scanner, "security_gateway"),
        new(Contains, "safelinks", Scanner, Scanner, "security_gateway"),
        new(Contains, "ironport", Scanner, Scanner, "security_gateway"),
        new(Contains, "ciscosecure", Scanner, Scanner, "security_gateway"),
        new(Contains, "cisco-sma", Scanner, Scanner, "security_gateway"),
        new(Contains, "sophos", Scanner, Scanner, "security_gateway"),
        new(Contains, "fortimail", Scanner, Scanner, "security_gateway"),
        new(Contains, "fortiguard", Scanner, Scanner, "security_gateway"),
        new(Contains, "forcepoint", Scanner, Scanner, "security_gateway"),
        new(Contains, "websense", Scanner, Scanner, "security_gateway"),
        new(Contains, "fireeye", Scanner, Scanner, "security_gateway"),
        new(Contains, "trellix", Scanner, Scanner, "security_gateway"),
        new(Contains, "zscaler", Scanner, Scanner, "security_gateway"),
        new(Contains, "vadesecure", Scanner, Scanner, "security_gateway"),
        new(Contains, "avanan", Scanner, Scanner, "security_gateway"),
        new(Contains, "cloudmark", Scanner, Scanner, "security_gateway"),
        new(Contains, "hornetsecurity", Scanner, Scanner, "security_gateway"),
        new(Contains, "spamtitan", Scanner, Scanner, "security_gateway"),
        new(Contains, "bitdefender", Scanner, Scanner, "security_gateway"),
        new(Contains, "virustotal", Scanner, Scanner, "security_gateway"),
        new(Contains, "urlscan.io", Scanner, Scanner, "security_gateway"),

        new(Contains, "headlesschrome", Scanner, Scanner, "headless_browser"),
        new(Contains, "phantomjs", Scanner, Scanner, "headless_browser"),
        new(Contains, "wkhtmlto", Scanner, Scanner, "headless_browser"),

        new(Contains, "python-", Scanner, Scanner, "tool_user_agent"),
        new(Contains, "python/", Scanner, Scanner, "tool_user_agent"),
        new(Contains, "apache-httpclient", Scanner, Scanner, "tool_user_agent"),
        new(Contains, "winhttp", Scanner, Scanner, "tool_user_agent"),
    ];
}
