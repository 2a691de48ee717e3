using System.Text.RegularExpressions;

namespace Delivery.Cli.Demo.Campaign;

/// <summary>The spring sale of an invented shop: the content, and what the shop itself knows of its links.</summary>
internal sealed partial class ExampleCampaign
{
    public const string Id = "spring-sale-2027";

    private ExampleCampaign(string subject, string html)
    {
        Subject = subject;
        Html = html;
        Links = [.. Anchor().Matches(html).Select((match, index) => new CampaignLink(index + 1, match.Groups[1].Value, System.Net.WebUtility.HtmlDecode(match.Groups[2].Value)))];
    }

    public string Subject { get; }

    public string Html { get; }

    /// <summary>All links in the order of the source, the untracked ones included.</summary>
    public IReadOnlyList<CampaignLink> Links { get; }

    public static ExampleCampaign Load() => new(Resource("subject.txt").Trim(), Resource("content.html"));

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ExampleCampaign).Assembly.GetManifestResourceStream("Campaign." + name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("""<a\s+data-link="([^"]+)"\s+href="((?:\{\{.*?\}\}|[^"{])*)"[^>]*>""")]
    private static partial Regex Anchor();
}
