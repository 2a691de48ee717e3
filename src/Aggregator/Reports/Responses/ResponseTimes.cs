namespace Delivery.Aggregator.Reports.Responses;

/// <summary>How long people took from the delivery of their mail to their first open or click.</summary>
/// <param name="People">Those who did.</param>
/// <param name="MedianSeconds">Half of them were as quick or quicker; null where nobody did.</param>
/// <param name="P90Seconds">Nine of ten were.</param>
/// <param name="Within">How many had within a time; each has those before it.</param>
internal sealed record ResponseTimes(ulong People, double? MedianSeconds, double? P90Seconds, IReadOnlyList<ResponseStep> Within)
{
    /// <summary>Seconds that are told one by one.</summary>
    public static IReadOnlyList<int> Steps { get; } = [60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 259_200, 604_800];

    public static ResponseTimes Of(ulong people, double? median, double? p90, ulong[] within) =>
        new(people, people == 0 ? null : median, people == 0 ? null : p90, [.. Steps.Select((seconds, i) => new ResponseStep(seconds, within[i]))]);
}

/// <summary>How many had responded that many seconds after the delivery.</summary>
internal sealed record ResponseStep(int Seconds, ulong People);
