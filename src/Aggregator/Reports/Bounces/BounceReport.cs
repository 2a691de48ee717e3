namespace Delivery.Aggregator.Reports.Bounces;

/// <summary>Why mail of a job did not arrive; the reasons of most recipients first.</summary>
internal sealed record BounceReport(string Job, DateTimeOffset? FreshAsOf, IReadOnlyList<BounceFigures> Bounces);
