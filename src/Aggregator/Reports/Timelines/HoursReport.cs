namespace Delivery.Aggregator.Reports.Timelines;

/// <summary>When people respond: all 168 hours of a week, Monday first.</summary>
internal sealed record HoursReport(string Job, DateTimeOffset? FreshAsOf, string TimeZone, IReadOnlyList<HourFigures> Hours);
