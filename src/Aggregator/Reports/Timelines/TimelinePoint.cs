using Delivery.Aggregator.Reports.Figures;

namespace Delivery.Aggregator.Reports.Timelines;

/// <summary>What happened in one slot of time. People are counted once in a slot, and again in the next.</summary>
/// <param name="Start">With the offset that the zone's clocks have then.</param>
internal sealed record TimelinePoint(
    DateTimeOffset Start,
    ulong Delivered,
    ulong Bounced,
    CountPair Opens,
    CountPair Clicks,
    ulong Unsubscribes,
    ReportMachines Machines)
{
    /// <summary>Puts rows together whose slot is a time in seconds since 1970, in order of it.</summary>
    public static List<TimelinePoint> From(IEnumerable<FigureRow> rows)
    {
        var points = new List<TimelinePoint>();
        foreach (var (start, figures) in Slots(rows))
        {
            points.Add(new TimelinePoint(
                start, figures.Unique("delivered"), figures.Unique("bounced"), figures.Pair("opened"), figures.Pair("clicked"),
                figures.Unique("unsubscribed"), figures.Machines));
        }

        return points;
    }

    /// <summary>The figures of each slot, in order of time.</summary>
    public static List<(DateTimeOffset Start, FigureTally Figures)> Slots(IEnumerable<FigureRow> rows)
    {
        var slots = new SortedDictionary<ulong, (DateTimeOffset Start, FigureTally Figures)>();
        foreach (var row in rows)
        {
            if (!slots.TryGetValue(row.Slot, out var slot))
                slots.Add(row.Slot, slot = (DateTimeOffset.FromUnixTimeSeconds((long)row.Slot).ToOffset(TimeSpan.FromSeconds(row.Ahead)), new FigureTally()));
            slot.Figures.Add(row);
        }

        return [.. slots.Values];
    }
}
