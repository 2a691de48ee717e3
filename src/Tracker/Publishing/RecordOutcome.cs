namespace Delivery.Tracker.Publishing;

/// <summary>What is known of an event when its request is answered.</summary>
internal enum RecordOutcome
{
    /// <summary>It is in Redis.</summary>
    Recorded,

    /// <summary>It waits for Redis and the deadline is over, or Redis was failing when it came. It is published when Redis takes it.</summary>
    NotConfirmed,

    /// <summary>What waits is at its bound, or the program stops: it is not kept anywhere.</summary>
    Dropped,
}
