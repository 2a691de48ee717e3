namespace Delivery.Aggregator.Reports.Groups;

/// <summary>A job by variant, most accepted first.</summary>
/// <param name="Others">The rest together; null where all are listed.</param>
internal sealed record VariantReport(string Job, DateTimeOffset? FreshAsOf, IReadOnlyList<VariantFigures> Variants, GroupFigures? Others);
