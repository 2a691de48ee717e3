namespace Delivery.Aggregator.Streams;

/// <summary>Dead letters that were asked for together and are tried again together.</summary>
/// <param name="Group">Name of the group, unlike every other.</param>
/// <param name="Ids">Where they stand among the replays.</param>
/// <param name="Entries">As they came, each under its own numbers; one record is an entry of one.</param>
internal sealed record Replay(string Group, IReadOnlyList<string> Ids, IReadOnlyList<StreamEntry> Entries);
