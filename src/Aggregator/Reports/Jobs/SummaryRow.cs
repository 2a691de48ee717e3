namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>A row of view <c>v_job_summary</c>.</summary>
internal sealed record SummaryRow(
    ulong Job,
    ulong Accepted,
    ulong Delivered,
    ulong Bounced,
    ulong Expired,
    ulong Dropped,
    ulong Deferrals,
    ulong Pending,
    ulong Opens,
    ulong UniqueOpens,
    ulong Clicks,
    ulong UniqueClicks,
    ulong Unsubscribes,
    ulong UniqueUnsubscribes,
    ulong Complaints,
    ulong MachineOpens,
    ulong UniqueMachineOpens,
    ulong MachineClicks,
    ulong UniqueMachineClicks,
    double? OpenRate,
    double? ClickRate,
    double? ClickToOpenRate,
    double? UnsubscribeRate,
    double? BounceRate)
{
    /// <summary>A job without any event yet.</summary>
    public static SummaryRow Empty { get; } =
        new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, null, null, null, null);
}
