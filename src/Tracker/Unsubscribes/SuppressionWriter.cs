using Delivery.Contracts.Suppressions;
using Delivery.Contracts.Tokens;
using Delivery.Tracker.Publishing;
using Delivery.Tracker.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Tracker.Unsubscribes;

/// <summary>Puts suppressions into Redis, or says that it could not: an unsubscribe is never confirmed falsely. Thread-safe.</summary>
internal sealed class SuppressionWriter(
    RedisConnection connection, SuppressionKeys keys, IOptions<TrackerOptions> options, TimeProvider time, TrackerMetrics metrics, ILogger<SuppressionWriter> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly TimeSpan _deadline = TimeSpan.FromMilliseconds(options.Value.UnsubscribeDeadlineMs);

    /// <summary>
    /// True once the suppression is in Redis, new or from before; false where it is not known to be within
    /// <see cref="TrackerOptions.UnsubscribeDeadlineMs"/>. Tries again as long as the time lasts; repeating changes nothing.
    /// </summary>
    public async Task<bool> TryAddAsync(UnsubscribeToken token, long timeMs)
    {
        var start = time.GetTimestamp();
        var fault = "not connected";
        for (TimeSpan left; (left = _deadline - time.GetElapsedTime(start)) > TimeSpan.Zero;)
        {
            try
            {
                if (connection.TryGet(out var redis))
                {
                    await SuppressionScript.AddAsync(
                        redis, keys, token.Subject.Account, token.Key, SuppressionReason.Unsubscribe, token.List, timeMs, left);
                    return true;
                }
            }
            catch (Exception e) when (e is RedisException or TimeoutException or TaskCanceledException or ObjectDisposedException)
            {
                fault = e.GetType().Name;
            }

            await Task.Delay(Pause, time);
        }

        metrics.UnsubscribeFailed();
        TrackerLog.UnsubscribeFailed(log, fault);
        return false;
    }
}
