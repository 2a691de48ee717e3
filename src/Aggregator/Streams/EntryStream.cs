namespace Delivery.Aggregator.Streams;

/// <summary>Reads a shard's stream. One call at a time; what a call gave is valid until the next.</summary>
internal sealed class EntryStream(IEntryRange range)
{
    private readonly List<StreamEntry> _page = [];

    /// <summary>At most <paramref name="count"/> entries after <paramref name="after"/> (null: from the head), in order.</summary>
    public Task<List<StreamEntry>> ReadAfterAsync(string? after, int count) =>
        ReadRangeAsync(after is null ? "-" : "(" + after, "+", count);

    /// <summary>At most <paramref name="count"/> entries from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public async Task<List<StreamEntry>> ReadRangeAsync(string first, string last, int count)
    {
        await range.ReadAsync(first, last, count, _page).ConfigureAwait(false);
        return _page;
    }

    /// <summary>Asks on a new connection from now on.</summary>
    public void Reset() => range.Reset();
}
