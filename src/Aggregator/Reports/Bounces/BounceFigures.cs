namespace Delivery.Aggregator.Reports.Bounces;

/// <summary>Why mail did not arrive, or not at once.</summary>
/// <param name="Kind"><c>bounced</c>, <c>out_of_band</c>, <c>dropped</c>, <c>expired</c> or <c>deferred</c>.</param>
/// <param name="Class">The bounce class; of <c>dropped</c> the reason.</param>
internal sealed record BounceFigures(string Kind, string Class, ulong Recipients, ulong Events);
