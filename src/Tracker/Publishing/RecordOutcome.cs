namespace Delivery.Tracker.Publishing;

/// <summary>What is known of an event when its request is answered.</summary>
internal enum RecordOutcome
{
    /// <summary>It is in Redis, and in the journal until Redis has had it for a while.</summary>
    Recorded,

    /// <summary>It is on disk. It is published when Redis takes it.</summary>
    Journaled,

    /// <summary>Neither Redis nor the disk answered in time. It is published if one of them takes it yet.</summary>
    NotConfirmed,

    /// <summary>What waits is at its bound, the disk takes nothing, or the program stops: it is not kept anywhere.</summary>
    Dropped,

    /// <summary>As many as may wait for Redis or the disk do: it is not kept anywhere, so that people are redirected at once.</summary>
    Shed,

    /// <summary>Its client made more than are recorded: it is not kept anywhere.</summary>
    OverLimit,
}
