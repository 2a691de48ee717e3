using System.Globalization;

namespace Delivery.Aggregator.Reports.Campaigns;

/// <summary>Where a page of campaigns ends: when the last one's newest job was created, and its id.</summary>
internal sealed record CampaignCursor(long LastMs, string CampaignId)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LastMs}-{CampaignId}");

    public static CampaignCursor? Parse(string text)
    {
        var end = text.IndexOf('-', StringComparison.Ordinal);
        return end > 0 && long.TryParse(text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? new CampaignCursor(ms, text[(end + 1)..]) : null;
    }
}
