namespace Delivery.Aggregator.Reports.Figures;

/// <summary>
/// What became of the mail of a job, or of several added up. Headline figures count people and leave machines out;
/// <c>docs/metrics.md</c> defines each.
/// </summary>
internal record MailFigures
{
    public MailFigures(FigureTally figures)
    {
        Recipients = new ReportRecipients(figures.Unique("accepted"));
        Delivered = figures.Unique("delivered");
        Bounced = figures.Unique("bounced");
        Expired = figures.Unique("expired");
        Dropped = figures.Unique("dropped");
        Deferred = figures.Total("deferred");
        Pending = figures.Pending;
        Opens = figures.Pair("opened");
        Clicks = figures.Pair("clicked");
        Unsubscribes = figures.Pair("unsubscribed");
        Complaints = figures.Unique("complained");
        Machines = figures.Machines;
        Rates = figures.Rates;
    }

    public ReportRecipients Recipients { get; }

    public ulong Delivered { get; }

    public ulong Bounced { get; }

    public ulong Expired { get; }

    public ulong Dropped { get; }

    /// <summary>Attempts, not people.</summary>
    public ulong Deferred { get; }

    /// <summary>Recipients without an outcome yet.</summary>
    public ulong Pending { get; }

    public CountPair Opens { get; }

    public CountPair Clicks { get; }

    public CountPair Unsubscribes { get; }

    public ulong Complaints { get; }

    public ReportMachines Machines { get; }

    public ReportRates Rates { get; }
}
