namespace Delivery.Mta.Telemetry;

/// <summary>The Mta's log lines. Event ids: 1–9 start and stop, 10–19 spool, 20–29 publishing, 30–39 suppressions. No line holds content, data or a secret.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Spool open: {Open} recipients wait, {Uncertain} of them were in flight when the last run ended")]
    public static partial void SpoolOpened(ILogger log, long open, int uncertain);

    [LoggerMessage(2, LogLevel.Information, "Stopping: finishing what is on the wire")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(3, LogLevel.Information, "Stopped; everything that was on its way is accounted for")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(4, LogLevel.Critical, "A part of the pipeline has failed; the program ends, and goes on from the spool when it is started again")]
    public static partial void PipelineFailed(ILogger log, Exception e);

    [LoggerMessage(10, LogLevel.Error, "Could not claim recipients in the spool; trying again")]
    public static partial void ClaimFailed(ILogger log, Exception e);

    [LoggerMessage(11, LogLevel.Error, "Could not write {Count} outcomes to the spool; trying again")]
    public static partial void OutcomesNotWritten(ILogger log, int count, Exception e);

    [LoggerMessage(12, LogLevel.Error, "Job {Job} cannot be read from the spool: {Fault}")]
    public static partial void JobUnreadable(ILogger log, ulong job, string fault);

    [LoggerMessage(13, LogLevel.Error, "Job {Job}, recipient {Recipient}: no message could be composed")]
    public static partial void ComposeFailed(ILogger log, ulong job, uint recipient, Exception e);

    [LoggerMessage(14, LogLevel.Error, "Could not end recipients of cancelled or expired jobs in the spool; trying again")]
    public static partial void EndingFailed(ILogger log, Exception e);

    [LoggerMessage(15, LogLevel.Error, "Could not remove finished jobs from the spool; trying again")]
    public static partial void RetentionFailed(ILogger log, Exception e);

    [LoggerMessage(32, LogLevel.Warning, "Redis does not count mail for the frequency cap ({Fault}: {Message}); capped bulk mail waits")]
    public static partial void CapFailed(ILogger log, string fault, string message);

    [LoggerMessage(40, LogLevel.Warning, "The audience could not be looked up at {Url} (Mta:ReportsUrl): {Reason}")]
    public static partial void AudienceFailed(ILogger log, string url, string reason);

    [LoggerMessage(41, LogLevel.Warning, "Job {Job} was half filled with an audience when the program ended; it is cancelled, and nothing of it is sent")]
    public static partial void LeftHalfFilled(ILogger log, ulong job);

    [LoggerMessage(42, LogLevel.Warning, "Job {Job}, half filled with an audience, could not be cancelled now; it stays open, and the next start cancels it")]
    public static partial void HalfFilledStays(ILogger log, Exception fault, ulong job);

    [LoggerMessage(20, LogLevel.Warning, "Shard {Shard}: Redis does not take events ({Fault}: {Message}); they stay in the outbox")]
    public static partial void PublishingFails(ILogger log, int shard, string fault, string message);

    [LoggerMessage(21, LogLevel.Information, "Shard {Shard}: Redis takes events again")]
    public static partial void PublishingGoesOn(ILogger log, int shard);

    [LoggerMessage(22, LogLevel.Warning, "Shard {Shard}: Redis has events up to {Mark} only, where {Next} was next: sending the rest again")]
    public static partial void RedisCameBackOlder(ILogger log, int shard, ulong mark, ulong next);

    [LoggerMessage(23, LogLevel.Error, "Shard {Shard}: events {First} to {Last} are neither in Redis nor in the outbox any more; going on behind them")]
    public static partial void NumbersLost(ILogger log, int shard, ulong first, ulong last);

    [LoggerMessage(30, LogLevel.Warning, "Redis does not tell the suppressions ({Fault}: {Message}); mail waits when the copy is too old")]
    public static partial void MirrorFails(ILogger log, string fault, string message);

    [LoggerMessage(31, LogLevel.Information, "Suppressions are followed again: {Count} known")]
    public static partial void MirrorGoesOn(ILogger log, int count);

    [LoggerMessage(32, LogLevel.Error, "Redis has lost suppressions: this copy is of change {Had}, Redis came back at {Has} with {What}. {Count} that it has no more are written back now; nobody gets mail meanwhile who should not. If Redis was pointed at the wrong place or volume, stop and mend that")]
    public static partial void RedisLostSuppressions(ILogger log, long had, long has, string what, int count);

    [LoggerMessage(33, LogLevel.Warning, "{Count} suppressions were written back to Redis")]
    public static partial void SuppressionsRestored(ILogger log, int count);

    [LoggerMessage(34, LogLevel.Error, "The copy of the suppressions {Path} cannot be used ({Message}); without Redis nothing is sent")]
    public static partial void SnapshotUnreadable(ILogger log, string path, string message);

    [LoggerMessage(35, LogLevel.Warning, "The copy of the suppressions on disk could not be written ({Message}); the earlier one stands")]
    public static partial void SnapshotNotWritten(ILogger log, string message);

    [LoggerMessage(36, LogLevel.Warning, "Redis does not take the {Count} suppressions that bounces brought ({Fault}: {Message}); they hold here and wait in the spool")]
    public static partial void DueFails(ILogger log, int count, string fault, string message);

    [LoggerMessage(37, LogLevel.Information, "Redis takes suppressions again")]
    public static partial void DueGoesOn(ILogger log);
}
