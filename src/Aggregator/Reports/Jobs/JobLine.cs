using System.Globalization;

namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>
/// A job and what became of it, on one line. Headline figures count people and leave machines out; <c>docs/metrics.md</c> defines each.
/// </summary>
internal record JobLine
{
    /// <summary>Decimal, as a string: 64 bits are more than JSON's readers keep.</summary>
    public required string Job { get; init; }

    public required string CampaignId { get; init; }

    public required string Subject { get; init; }

    public required string FromEmail { get; init; }

    /// <summary>Null where the row of the job has not arrived yet.</summary>
    public required DateTimeOffset? Created { get; init; }

    public required ReportRecipients Recipients { get; init; }

    public required ulong Delivered { get; init; }

    public required ulong Bounced { get; init; }

    public required ulong Expired { get; init; }

    public required ulong Dropped { get; init; }

    /// <summary>Attempts, not people.</summary>
    public required ulong Deferred { get; init; }

    /// <summary>Recipients without an outcome yet.</summary>
    public required ulong Pending { get; init; }

    public required CountPair Opens { get; init; }

    public required CountPair Clicks { get; init; }

    public required CountPair Unsubscribes { get; init; }

    public required ulong Complaints { get; init; }

    public required ReportMachines Machines { get; init; }

    public required ReportRates Rates { get; init; }

    public static JobLine Of(ulong job, JobRow? about, SummaryRow row) => new()
    {
        Job = job.ToString(CultureInfo.InvariantCulture),
        CampaignId = about?.CampaignId ?? "",
        Subject = about?.Subject ?? "",
        FromEmail = about?.FromEmail ?? "",
        Created = about is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(about.CreatedMs),
        Recipients = new ReportRecipients(row.Accepted),
        Delivered = row.Delivered,
        Bounced = row.Bounced,
        Expired = row.Expired,
        Dropped = row.Dropped,
        Deferred = row.Deferrals,
        Pending = row.Pending,
        Opens = new CountPair(row.Opens, row.UniqueOpens),
        Clicks = new CountPair(row.Clicks, row.UniqueClicks),
        Unsubscribes = new CountPair(row.Unsubscribes, row.UniqueUnsubscribes),
        Complaints = row.Complaints,
        Machines = new ReportMachines(
            new CountPair(row.MachineOpens, row.UniqueMachineOpens), new CountPair(row.MachineClicks, row.UniqueMachineClicks)),
        Rates = new ReportRates(row.OpenRate, row.ClickRate, row.ClickToOpenRate, row.UnsubscribeRate, row.BounceRate),
    };
}
