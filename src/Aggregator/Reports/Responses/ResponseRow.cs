namespace Delivery.Aggregator.Reports.Responses;

/// <summary>How long people took, as the statement gives it.</summary>
/// <param name="OpenWithin">People for each of <see cref="ResponseTimes.Steps"/>.</param>
internal sealed record ResponseRow(
    ulong OpenPeople, double? OpenMedian, double? OpenP90, ulong[] OpenWithin, ulong ClickPeople, double? ClickMedian, double? ClickP90, ulong[] ClickWithin);
