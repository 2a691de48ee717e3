namespace Delivery.Aggregator.Webhooks;

/// <summary>How long to wait after failures: doubling from the first to the longest, a quarter more or less by chance, so that many do not come at once.</summary>
internal static class RetryDelays
{
    private const double Spread = 0.25;

    /// <param name="failures">In a row, from 1.</param>
    /// <param name="chance">From 0 to 1.</param>
    /// <param name="asked">What the receiver asked for with Retry-After; holds where it is longer, up to a bound.</param>
    public static TimeSpan After(int failures, double chance, TimeSpan? asked, WebhookOptions options)
    {
        var exact = options.FirstRetry.Ticks * Math.Pow(2, failures - 1);
        var bounded = TimeSpan.FromTicks((long)Math.Min(exact, options.LongestRetry.Ticks));
        var wait = bounded * (1 - Spread + (2 * Spread * chance));
        wait = wait < options.FirstRetry ? options.FirstRetry : wait > options.LongestRetry ? options.LongestRetry : wait;
        var limit = asked < options.LongestRetryAfter ? asked : asked is null ? null : options.LongestRetryAfter;
        return limit > wait ? limit.Value : wait;
    }
}
