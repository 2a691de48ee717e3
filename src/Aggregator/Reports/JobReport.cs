namespace Delivery.Aggregator.Reports;

/// <summary>
/// What became of a job. Headline figures count people and leave machines out; <c>docs/metrics.md</c> defines each.
/// </summary>
/// <param name="Job">Decimal, as a string: 64 bits are more than JSON's readers keep.</param>
/// <param name="FreshAsOf">Everything published before this moment is counted; null where that cannot be told now.</param>
/// <param name="Deferred">Attempts, not people.</param>
/// <param name="Pending">Recipients without an outcome yet.</param>
internal sealed record JobReport(
    string Job,
    string CampaignId,
    string Subject,
    DateTimeOffset? Created,
    DateTimeOffset? FreshAsOf,
    ReportRecipients Recipients,
    ulong Delivered,
    ulong Bounced,
    ulong Expired,
    ulong Dropped,
    ulong Deferred,
    ulong Pending,
    CountPair Opens,
    CountPair Clicks,
    CountPair Unsubscribes,
    ulong Complaints,
    ReportMachines Machines,
    ReportRates Rates,
    IReadOnlyList<LinkReport> Links);

internal sealed record ReportRecipients(ulong Accepted);

internal sealed record ReportMachines(CountPair Opens, CountPair Clicks);

/// <summary>Shares from 0 to 1 of people; null where there is nobody to divide by.</summary>
internal sealed record ReportRates(double? Open, double? Click, double? ClickToOpen, double? Unsubscribe, double? Bounce);
