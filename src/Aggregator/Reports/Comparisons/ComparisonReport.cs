namespace Delivery.Aggregator.Reports.Comparisons;

/// <summary>Jobs side by side, in the order of the call.</summary>
/// <param name="Tests">Every job but the first against the first.</param>
internal sealed record ComparisonReport(DateTimeOffset? FreshAsOf, IReadOnlyList<ComparedJob> Jobs, IReadOnlyList<JobTest> Tests);
