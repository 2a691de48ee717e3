namespace Delivery.Aggregator.Reports.Figures;

/// <summary>
/// What happened in a span of time, whenever the mail was sent. No rates and nobody pending: who opened then may have got the mail before, so the one
/// divided by the other is no share of anything.
/// </summary>
internal record SpanFigures
{
    public SpanFigures(FigureTally figures)
    {
        Recipients = new ReportRecipients(figures.Unique("accepted"));
        Delivered = figures.Unique("delivered");
        Bounced = figures.Unique("bounced");
        Expired = figures.Unique("expired");
        Dropped = figures.Unique("dropped");
        Deferred = figures.Total("deferred");
        Opens = figures.Pair("opened");
        Clicks = figures.Pair("clicked");
        Unsubscribes = figures.Pair("unsubscribed");
        Complaints = figures.Unique("complained");
        Machines = figures.Machines;
    }

    public ReportRecipients Recipients { get; }

    public ulong Delivered { get; }

    public ulong Bounced { get; }

    public ulong Expired { get; }

    public ulong Dropped { get; }

    /// <summary>Attempts, not people.</summary>
    public ulong Deferred { get; }

    public CountPair Opens { get; }

    public CountPair Clicks { get; }

    public CountPair Unsubscribes { get; }

    public ulong Complaints { get; }

    public ReportMachines Machines { get; }
}
