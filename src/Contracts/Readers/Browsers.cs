using System.Buffers;

namespace Delivery.Contracts.Readers;

/// <summary>
/// What every browser says of itself, in which a link is shown when a person follows it. Mail programs that load pictures need not.
/// </summary>
internal static class Browsers
{
    private static readonly SearchValues<string> Names = SearchValues.Create(
        [
            "Mozilla/", "Opera", "Dalvik/", "CFNetwork/", "Outlook", "MIDP", "CLDC", "WAP", "Obigo", "Browser", "UCWEB", "Nokia", "SonyEricsson",
            "BlackBerry", "DoCoMo", "KDDI", "SoftBank", "Vodafone", "J-PHONE", "Profile/", "NetFront", "Teleca", "SAMSUNG-", "LG-", "LG/", "Lynx",
            "Links (", "ELinks", "w3m", "Dillo", "iCab", "Mosaic", "Sleipnir", "Symbian", "curl/", "WebKit", "Firefox", "Chrome", "Safari", "iPhone", "iPad", "Android", "Windows NT", "MSIE",
        ],
        StringComparison.OrdinalIgnoreCase);

    public static bool Is(ReadOnlySpan<char> userAgent) => userAgent.ContainsAny(Names);
}
