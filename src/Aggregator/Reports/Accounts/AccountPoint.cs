using Delivery.Aggregator.Reports.Figures;

namespace Delivery.Aggregator.Reports.Accounts;

/// <summary>What happened to all of an account's mail in one slot of time. People are counted once in a slot for each job.</summary>
internal sealed record AccountPoint(
    DateTimeOffset Start,
    ulong Accepted,
    ulong Delivered,
    ulong Bounced,
    CountPair Opens,
    CountPair Clicks,
    ulong Unsubscribes,
    ReportMachines Machines)
{
    public static AccountPoint Of(DateTimeOffset start, FigureTally figures) => new(
        start, figures.Unique("accepted"), figures.Unique("delivered"), figures.Unique("bounced"), figures.Pair("opened"), figures.Pair("clicked"),
        figures.Unique("unsubscribed"), figures.Machines);
}
