namespace Delivery.Aggregator.Reports.Timelines;

/// <summary>What people did in one hour of one day of the week, over all weeks.</summary>
/// <param name="DayOfWeek">1 is Monday.</param>
/// <param name="Hour">0 to 23, by the zone's clocks.</param>
internal sealed record HourFigures(int DayOfWeek, int Hour, CountPair Opens, CountPair Clicks, ReportMachines Machines);
