using Microsoft.Extensions.Options;

namespace Delivery.Mta.Lanes;

/// <summary>When a recipient is tried again. Thread-safe.</summary>
internal sealed class RetrySchedule(IOptions<MtaOptions> options)
{
    /// <summary>Pause after a lost connection, doubling with each loss in a row.</summary>
    private static readonly TimeSpan LossFirst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LossMax = TimeSpan.FromMinutes(5);
    private const double Jitter = 0.1;

    /// <summary>The pause after attempt number <paramref name="attempts"/> (from 1): doubling from the first to the longest, ±10% by chance.</summary>
    public TimeSpan AfterAttempt(int attempts) =>
        Pause(options.Value.RetryFirst, options.Value.RetryMax, attempts);

    /// <summary>The pause after the connection was lost for the <paramref name="losses"/>-th time (from 1).</summary>
    public static TimeSpan AfterLoss(int losses) => Pause(LossFirst, LossMax, losses);

    /// <summary>Whether an attempt at that time would come too late.</summary>
    public bool IsExpired(long acceptedMs, long dueMs) => dueMs - acceptedMs > (long)options.Value.ExpireAfter.TotalMilliseconds;

    private static TimeSpan Pause(TimeSpan first, TimeSpan max, int times)
    {
        var doubled = first.TotalMilliseconds * Math.Pow(2, Math.Clamp(times - 1, 0, 30));
        var spread = 1 - Jitter + Random.Shared.NextDouble() * 2 * Jitter;
        return TimeSpan.FromMilliseconds(Math.Min(doubled, max.TotalMilliseconds) * spread);
    }
}
