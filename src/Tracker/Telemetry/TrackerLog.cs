namespace Delivery.Tracker.Telemetry;

/// <summary>Every line the tracker logs. None holds a token, an address or a destination.</summary>
internal static partial class TrackerLog
{
    [LoggerMessage(100, LogLevel.Warning, "Redis does not take events of shard {Shard} ({Fault}); people are still redirected, events wait.")]
    public static partial void RedisFails(ILogger logger, int shard, string fault);

    [LoggerMessage(101, LogLevel.Information, "Redis takes events of shard {Shard} again after {Milliseconds} ms; {Waiting} wait.")]
    public static partial void RedisTakes(ILogger logger, int shard, long milliseconds, long waiting);

    [LoggerMessage(102, LogLevel.Error, "Redis came back without numbers {First} to {Last} of producer {Producer} on shard {Shard}, and they are no longer kept here: they may be lost.")]
    public static partial void Gap(ILogger logger, int shard, ulong producer, ulong first, ulong last);

    [LoggerMessage(103, LogLevel.Error, "Redis has numbers of producer {Producer} on shard {Shard} that it never gave; going on as another producer.")]
    public static partial void ForeignNumbers(ILogger logger, int shard, ulong producer);

    [LoggerMessage(104, LogLevel.Error, "Stopped while {Waiting} events waited for Redis: they are lost.")]
    public static partial void LostAtStop(ILogger logger, long waiting);

    [LoggerMessage(105, LogLevel.Warning, "An unsubscribe was answered with 503: Redis did not take the suppression ({Fault}).")]
    public static partial void UnsubscribeFailed(ILogger logger, string fault);

    [LoggerMessage(106, LogLevel.Warning, "No connection to Redis can be made yet ({Fault}); trying on.")]
    public static partial void NoConnection(ILogger logger, string fault);
}
