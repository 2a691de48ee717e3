namespace Delivery.Aggregator.Streams;

/// <summary>One entry of an event stream, its header read.</summary>
/// <param name="Fault">What is wrong with the header, or null when it is sound.</param>
internal readonly record struct StreamEntry(
    string Id, ulong Producer, ulong FirstNumber, int Count, ReadOnlyMemory<byte> Records, string ProducerText, string? Fault);
