namespace Delivery.Aggregator.Reports.Campaigns;

/// <summary>A campaign as its jobs make it.</summary>
internal sealed record CampaignRow(string CampaignId, ulong Jobs, long FirstMs, long LastMs);
