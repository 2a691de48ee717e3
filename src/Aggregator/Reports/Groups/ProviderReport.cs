namespace Delivery.Aggregator.Reports.Groups;

/// <summary>A job by provider, most accepted first.</summary>
/// <param name="Others">The rest together; null where all are listed.</param>
internal sealed record ProviderReport(string Job, DateTimeOffset? FreshAsOf, IReadOnlyList<ProviderFigures> Providers, GroupFigures? Others);
