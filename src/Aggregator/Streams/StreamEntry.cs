namespace Delivery.Aggregator.Streams;

/// <summary>One entry of an event stream, its header read. Its records are valid until the next page is read.</summary>
/// <param name="Milliseconds">First part of the entry's id.</param>
/// <param name="Sequence">Second part of it.</param>
/// <param name="Fault">What is wrong with the header, or null when it is sound.</param>
internal readonly record struct StreamEntry(
    ulong Milliseconds, ulong Sequence, ulong Producer, ulong FirstNumber, int Count, ReadOnlyMemory<byte> Records, HeaderFault? Fault)
{
    public string Id => StreamId.Text(Milliseconds, Sequence);
}
