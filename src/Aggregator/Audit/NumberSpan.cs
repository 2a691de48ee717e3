namespace Delivery.Aggregator.Audit;

/// <summary>Numbers of one producer on one shard, both ends included.</summary>
/// <param name="Count">Numbers that are missing, or rows that are too many.</param>
internal sealed record NumberSpan(int Shard, string Producer, ulong First, ulong Last, ulong Count);
