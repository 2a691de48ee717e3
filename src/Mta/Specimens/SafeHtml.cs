using System.Collections.Frozen;

namespace Delivery.Mta.Specimens;

/// <summary>
/// What may be in a specimen. Of any other element the tags go and what is between them stays; any other attribute goes. Nothing here
/// leads anywhere, loads, runs, submits or takes input.
/// </summary>
internal static class SafeHtml
{
    private static readonly FrozenSet<string> Elements = Words(
        """
        html head body style div p span a area map img table caption colgroup col thead tbody tfoot tr td th br hr wbr h1 h2 h3 h4 h5 h6
        ul ol li dl dt dd b strong i em u s strike del ins small big sub sup font center blockquote q cite code pre kbd samp var tt abbr
        acronym address article aside section header footer main nav figure figcaption bdi bdo mark time label fieldset legend
        """);

    private static readonly FrozenSet<string> Attributes = Words(
        """
        class id style dir lang title align valign width height bgcolor color face size border cellpadding cellspacing colspan rowspan alt
        role hidden nowrap start value span scope summary abbr noshade compact clear shape coords usemap aria-hidden aria-label datetime media
        """);

    private static readonly FrozenSet<string> Void = Words("area img col br hr wbr");

    public static bool IsElement(string name) => Elements.Contains(name);

    /// <summary>No end tag follows it.</summary>
    public static bool IsVoid(string name) => Void.Contains(name);

    /// <summary>A name is kept where an image map needs it: elsewhere it could hide what scripts of a page around look for.</summary>
    public static bool IsAttribute(string element, string name) => Attributes.Contains(name) || (element == "map" && name == "name");

    /// <summary>Whether a reader sees the attribute as text.</summary>
    public static bool IsText(string attribute) => attribute is "alt" or "title" or "aria-label";

    private static FrozenSet<string> Words(string list) =>
        list.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
