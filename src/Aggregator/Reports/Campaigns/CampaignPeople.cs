namespace Delivery.Aggregator.Reports.Campaigns;

/// <summary>
/// Persons over all jobs of a campaign, each once however many mails they had; told by their key. Those who were erased have none and
/// are left out.
/// </summary>
internal sealed record CampaignPeople(ulong Accepted, ulong Delivered, ulong Opened, ulong Clicked, ulong Unsubscribed);
