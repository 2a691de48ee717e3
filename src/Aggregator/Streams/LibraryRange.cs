using StackExchange.Redis;

namespace Delivery.Aggregator.Streams;

/// <summary>Reads through the connections of the library, which know clusters, sentinels and proxies; some 3 µs an entry.</summary>
internal sealed class LibraryRange(IDatabaseAsync redis, RedisKey stream, TimeSpan timeout) : IEntryRange
{
    public async Task ReadAsync(string from, string to, int count, List<StreamEntry> page)
    {
        page.Clear();
        var reply = await redis.ExecuteAsync("XRANGE", stream, from, to, "COUNT", count).WaitAsync(timeout).ConfigureAwait(false);
        foreach (var item in (RedisResult[])reply!)
            page.Add(Parse((RedisResult[])item!));
    }

    public void Reset()
    {
    }

    private static StreamEntry Parse(RedisResult[] entry)
    {
        var fields = (RedisResult[])entry[1]!;
        var header = default(EntryHeader);
        for (var i = 0; i + 1 < fields.Length; i += 2)
            header.Take((byte[])fields[i]!, (byte[])fields[i + 1]!);
        var (milliseconds, sequence) = StreamId.Parse((byte[])entry[0]!);
        return header.ToEntry(milliseconds, sequence);
    }
}
