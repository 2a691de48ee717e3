namespace Delivery.Aggregator.Reports.Groups;

/// <summary>A group of a job's recipients as the statement gives it, with the sums over all groups beside it.</summary>
internal sealed record GroupRow(
    string Name,
    ulong Accepted,
    ulong Delivered,
    ulong Bounced,
    ulong Dropped,
    ulong Expired,
    ulong Opened,
    ulong Clicked,
    ulong Groups,
    ulong AllAccepted,
    ulong AllDelivered,
    ulong AllBounced,
    ulong AllDropped,
    ulong AllExpired,
    ulong AllOpened,
    ulong AllClicked)
{
    /// <summary>What all groups have that <paramref name="shown"/> do not; null where those are all.</summary>
    public static GroupFigures? Others(IReadOnlyList<GroupRow> shown) => shown.Count == 0 || shown[0].Groups <= (ulong)shown.Count
        ? null
        : new GroupFigures(
            shown[0].AllAccepted - Sum(shown, row => row.Accepted),
            shown[0].AllDelivered - Sum(shown, row => row.Delivered),
            shown[0].AllBounced - Sum(shown, row => row.Bounced),
            shown[0].AllDropped - Sum(shown, row => row.Dropped),
            shown[0].AllExpired - Sum(shown, row => row.Expired),
            shown[0].AllOpened - Sum(shown, row => row.Opened),
            shown[0].AllClicked - Sum(shown, row => row.Clicked));

    private static ulong Sum(IReadOnlyList<GroupRow> rows, Func<GroupRow, ulong> figure) => rows.Aggregate(0UL, (sum, row) => sum + figure(row));
}
