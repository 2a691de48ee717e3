namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>A page of an account's jobs, newest first.</summary>
/// <param name="Next">Give it as <c>before</c> for the page behind; null is the end.</param>
internal sealed record JobList(IReadOnlyList<JobLine> Jobs, string? Next, DateTimeOffset? FreshAsOf);
