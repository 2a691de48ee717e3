namespace Delivery.Mta.Queue;

/// <summary>What a scan has to know of a job.</summary>
/// <param name="SinceMs">Its start, or its creation where it is open.</param>
/// <param name="IsHeld">It is open, paused, cancelled or planned for later.</param>
internal readonly record struct QueueJob(ulong Id, uint Account, long SinceMs, bool IsHeld, uint NextOrdinal);
