namespace Delivery.Aggregator.Reports.Comparisons;

/// <summary>
/// Whether two shares differ by more than chance brings: the two-proportion z-test with a pooled share, two-sided
/// (NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.3).
/// </summary>
/// <param name="Difference">The share of the job less that of the other; null where either has nobody.</param>
/// <param name="PValue">
/// How often shares of the same chance would lie as far apart or further; null where the test does not hold: fewer than
/// <see cref="LeastExpected"/> people expected to respond, or not to, in either.
/// </param>
internal sealed record ProportionTest(double? Difference, double? PValue)
{
    public const int LeastExpected = 5;

    /// <param name="count">Of <paramref name="total"/> people. More than all, which a report can see for a moment, is not tested.</param>
    public static ProportionTest Of(ulong count, ulong total, ulong otherCount, ulong otherTotal)
    {
        if (total == 0 || otherTotal == 0)
            return new ProportionTest(null, null);
        var difference = (count / (double)total) - (otherCount / (double)otherTotal);
        if (count > total || otherCount > otherTotal)
            return new ProportionTest(difference, null);
        var pooled = (count + otherCount) / (double)(total + otherTotal);
        var least = Math.Min(total, otherTotal) * Math.Min(pooled, 1 - pooled);
        if (least < LeastExpected)
            return new ProportionTest(difference, null);
        var error = Math.Sqrt(pooled * (1 - pooled) * ((1d / total) + (1d / otherTotal)));
        return new ProportionTest(difference, NormalDistribution.TwoSided(difference / error));
    }
}
