namespace Delivery.Aggregator.Rollups;

/// <summary>
/// The highest number of each producer that is in ClickHouse or in the batch being built. Numbers of a producer only rise within
/// a stream, so a number at or below the mark says that the stream went back. Not thread-safe.
/// </summary>
internal sealed class ProducerMarks
{
    private readonly Dictionary<ulong, ulong> _marks = [];

    public IReadOnlyCollection<KeyValuePair<ulong, ulong>> All => _marks;

    public void Clear() => _marks.Clear();

    /// <summary>Moves the mark up; false where the number is not above it.</summary>
    public bool TryAdvance(ulong producer, ulong number)
    {
        ref var mark = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_marks, producer, out _);
        if (number <= mark)
            return false;
        mark = number;
        return true;
    }
}
