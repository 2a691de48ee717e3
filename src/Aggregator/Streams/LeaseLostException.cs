namespace Delivery.Aggregator.Streams;

/// <summary>The shard belongs to somebody else, or to nobody, now: whoever has it next finds the manifest.</summary>
internal sealed class LeaseLostException(string message) : Exception(message);
