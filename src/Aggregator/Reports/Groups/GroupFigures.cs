using Delivery.Aggregator.Reports.Figures;

namespace Delivery.Aggregator.Reports.Groups;

/// <summary>What became of the mail to a group of a job's recipients. All figures are of people, and groups add up: a recipient is of one.</summary>
internal record GroupFigures(ulong Accepted, ulong Delivered, ulong Bounced, ulong Dropped, ulong Expired, UniqueCount Opens, UniqueCount Clicks)
{
    public GroupFigures(ulong accepted, ulong delivered, ulong bounced, ulong dropped, ulong expired, ulong opened, ulong clicked)
        : this(accepted, delivered, bounced, dropped, expired, new UniqueCount(opened), new UniqueCount(clicked))
    {
    }

    protected GroupFigures(GroupRow row)
        : this(row.Accepted, row.Delivered, row.Bounced, row.Dropped, row.Expired, row.Opened, row.Clicked)
    {
    }

    public GroupRates Rates => new(
        FigureTally.Share(Opens.Unique, Delivered), FigureTally.Share(Clicks.Unique, Delivered), FigureTally.Share(Bounced, Delivered + Bounced));
}

/// <summary>By how many people.</summary>
internal sealed record UniqueCount(ulong Unique);

/// <summary>Shares from 0 to 1; null where there is nobody to divide by.</summary>
internal sealed record GroupRates(double? Open, double? Click, double? Bounce);
