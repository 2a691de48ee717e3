namespace Delivery.Aggregator.Reports.Timelines;

/// <summary>A job over time; slots without an event are left out.</summary>
internal sealed record TimelineReport(string Job, DateTimeOffset? FreshAsOf, string TimeZone, string Step, IReadOnlyList<TimelinePoint> Points);
