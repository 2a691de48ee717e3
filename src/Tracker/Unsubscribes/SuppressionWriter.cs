using Delivery.Contracts.Suppressions;
using Delivery.Tracker.Journaling;
using Delivery.Tracker.Publishing;
using Delivery.Tracker.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Tracker.Unsubscribes;

/// <summary>
/// Brings suppressions into Redis at once where their event is not there yet: behind a long journal its turn may come late. Thread-safe.
/// </summary>
internal sealed class SuppressionWriter(
    RedisConnection connection, SuppressionKeys keys, IOptions<TrackerOptions> options, TimeProvider time, ILogger<SuppressionWriter> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly TimeSpan _deadline = TimeSpan.FromMilliseconds(options.Value.UnsubscribeDeadlineMs);
    private readonly TimeSpan _once = TimeSpan.FromMilliseconds(options.Value.RecordDeadlineMs);

    /// <summary>
    /// True once all of them are in Redis, new or from before; false where that is not known. Tries once, within
    /// <see cref="TrackerOptions.RecordDeadlineMs"/>, or where it is <paramref name="patient"/> for as long as
    /// <see cref="TrackerOptions.UnsubscribeDeadlineMs"/>. Repeating changes nothing.
    /// </summary>
    public async Task<bool> TryApplyAsync(Suppression[] changes, bool patient)
    {
        var start = time.GetTimestamp();
        var fault = "not connected";
        var done = 0;
        for (TimeSpan left; (left = (patient ? _deadline : _once) - time.GetElapsedTime(start)) > TimeSpan.Zero;)
        {
            try
            {
                if (connection.IsConnected && connection.TryGet(out var redis))
                {
                    await changes[done].ApplyAsync(redis, keys, left);
                    if (++done == changes.Length)
                        return true;
                    continue;
                }
            }
            catch (Exception e) when (e is RedisException or TimeoutException or TaskCanceledException or ObjectDisposedException)
            {
                fault = e.GetType().Name;
            }

            if (!patient)
                return false;
            await Task.Delay(Pause, time);
        }

        if (patient)
            TrackerLog.UnsubscribeFailed(log, fault);
        return false;
    }
}
