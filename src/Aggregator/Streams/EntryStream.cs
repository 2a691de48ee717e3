using System.Globalization;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Aggregator.Streams;

/// <summary>Reads a shard's stream by range: the same range gives the same entries for as long as they are not trimmed.</summary>
internal sealed class EntryStream(IDatabaseAsync redis, StreamNames names, TimeSpan timeout)
{
    /// <summary>Numbers stay whole in Lua below this.</summary>
    private const ulong MaxNumber = 1UL << 53;

    /// <summary>At most <paramref name="count"/> entries after <paramref name="after"/> (null: from the head), in order.</summary>
    public Task<StreamEntry[]> ReadAfterAsync(string? after, int count) =>
        RangeAsync(after is null ? "-" : "(" + after, "+", count);

    /// <summary>At most <paramref name="count"/> entries from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public Task<StreamEntry[]> ReadRangeAsync(string first, string last, int count) => RangeAsync(first, last, count);

    private async Task<StreamEntry[]> RangeAsync(string from, string to, int count)
    {
        var reply = await redis.ExecuteAsync("XRANGE", names.Entries, from, to, "COUNT", count).WaitAsync(timeout).ConfigureAwait(false);
        var items = (RedisResult[])reply!;
        var entries = new StreamEntry[items.Length];
        for (var i = 0; i < items.Length; i++)
            entries[i] = Parse((RedisResult[])items[i]!);
        return entries;
    }

    private static StreamEntry Parse(RedisResult[] entry)
    {
        var id = (string)entry[0]!;
        var fields = (RedisResult[])entry[1]!;
        string? producerText = null, firstText = null, countText = null;
        byte[]? records = null;
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            switch ((string?)fields[i])
            {
                case PublishScript.ProducerField:
                    producerText = (string?)fields[i + 1];
                    break;
                case PublishScript.FirstField:
                    firstText = (string?)fields[i + 1];
                    break;
                case PublishScript.CountField:
                    countText = (string?)fields[i + 1];
                    break;
                case PublishScript.RecordsField:
                    records = (byte[]?)fields[i + 1];
                    break;
            }
        }

        var hasProducer = ulong.TryParse(producerText, NumberStyles.None, CultureInfo.InvariantCulture, out var producer);
        var hasFirst = ulong.TryParse(firstText, NumberStyles.None, CultureInfo.InvariantCulture, out var first);
        var hasCount = int.TryParse(countText, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        var fault = !hasProducer ? "no producer"
            : !hasFirst || first is 0 or >= MaxNumber ? "no first number"
            : !hasCount || count < 1 ? "no record count"
            : records is null ? "no records"
            : null;
        return new StreamEntry(id, producer, first, count, records, producerText ?? "", fault);
    }
}
