namespace Delivery.Aggregator.Reports.Campaigns;

/// <summary>A page of an account's campaigns, the one with the newest job first.</summary>
/// <param name="Next">Give it as <c>before</c> for the page behind; null is the end.</param>
internal sealed record CampaignList(IReadOnlyList<CampaignLine> Campaigns, string? Next, DateTimeOffset? FreshAsOf);
