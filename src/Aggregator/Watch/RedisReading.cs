namespace Delivery.Aggregator.Watch;

/// <summary>Redis' memory.</summary>
/// <param name="MaxBytes">Its <c>maxmemory</c>; 0 where it has none.</param>
/// <param name="Policy">What it does there: anything but <c>noeviction</c> throws events away.</param>
/// <param name="GrowthBytesPerSecond">Over the last five minutes.</param>
/// <param name="SecondsToBound">At that growth; null where it does not grow or has no bound.</param>
internal sealed record RedisReading(long UsedBytes, long MaxBytes, string Policy, double? GrowthBytesPerSecond, double? SecondsToBound)
{
    public double? UsedPercent => MaxBytes > 0 ? Math.Round(100.0 * UsedBytes / MaxBytes, 1) : null;
}
