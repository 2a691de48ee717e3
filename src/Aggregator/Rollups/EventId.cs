namespace Delivery.Aggregator.Rollups;

/// <summary>What tells an event from every other one of its shard.</summary>
internal readonly record struct EventId(ulong Producer, ulong Number);
