namespace Delivery.Aggregator.Streams;

/// <summary>Reads a stream by range: the same range gives the same entries for as long as they are not trimmed. One call at a time.</summary>
internal interface IEntryRange
{
    /// <summary>Empties <paramref name="page"/> and puts at most <paramref name="count"/> entries into it, in order.</summary>
    /// <param name="from">As <c>XRANGE</c> takes it: an id, <c>-</c>, or an id behind <c>(</c> for the one after it.</param>
    /// <param name="to">An id, or <c>+</c>.</param>
    Task ReadAsync(string from, string to, int count, List<StreamEntry> page);

    /// <summary>Begins anew with the next call, on a connection of its own.</summary>
    void Reset();
}
