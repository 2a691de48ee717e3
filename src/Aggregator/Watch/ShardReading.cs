namespace Delivery.Aggregator.Watch;

/// <summary>One shard's streams.</summary>
/// <param name="Entries">Not yet in ClickHouse.</param>
/// <param name="OldestSeconds">Age of the oldest of them; 0 where there is none.</param>
/// <param name="CommittedSeconds">Since the last batch was committed; null where none ever was.</param>
/// <param name="DeadLetters">Kept.</param>
/// <param name="DeadLettersLost">Thrown away since the beginning, since no more are kept.</param>
/// <param name="Replays">Dead letters that wait to be tried again.</param>
internal sealed record ShardReading(int Shard, long Entries, double OldestSeconds, double? CommittedSeconds, long DeadLetters, long DeadLettersLost, long Replays);
