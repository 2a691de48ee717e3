namespace Delivery.Mta.Queue;

/// <summary>One recipient that waits.</summary>
/// <param name="SinceMs">Since when: its job's start, or its acceptance where the job was not started; Unix milliseconds.</param>
/// <param name="DueMs">When its next attempt is due; null where it is not deferred.</param>
/// <param name="Detail">The last reply; null where there was none.</param>
internal readonly record struct QueueRow(
    QueueState State, ulong Job, uint Ordinal, string Email, int Attempts, bool Uncertain, long SinceMs, long? DueMs, string? Detail);
