using System.Globalization;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Aggregator.Audit;

/// <summary>The numbers of a shard that Redis knows: the highest of each producer, and those in the stream.</summary>
internal sealed class WaitingNumbers
{
    private const int PageEntries = 500;

    /// <summary>KEYS: entries. ARGV: from, count. Gives the last id, then producer, first number and count of each entry; nothing at the end.</summary>
    private const string Page = """
        local page = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])
        if #page == 0 then return {} end
        local out = {page[#page][1]}
        for _, entry in ipairs(page) do
            local p, n, c = '', '', ''
            for i = 1, #entry[2], 2 do
                if entry[2][i] == 'p' then p = entry[2][i + 1] elseif entry[2][i] == 'n' then n = entry[2][i + 1] elseif entry[2][i] == 'c' then c = entry[2][i + 1] end
            end
            out[#out + 1] = p; out[#out + 1] = n; out[#out + 1] = c
        end
        return out
        """;

    private readonly Dictionary<ulong, List<(ulong First, ulong Last)>> _spans = [];

    public Dictionary<ulong, ulong> Marks { get; } = [];

    /// <summary>Reads the marks first: what is published meanwhile is beyond them.</summary>
    public static async Task<WaitingNumbers> ReadAsync(IDatabaseAsync redis, StreamNames names, TimeSpan timeout)
    {
        var waiting = new WaitingNumbers();
        foreach (var entry in await redis.HashGetAllAsync(names.Marks).WaitAsync(timeout).ConfigureAwait(false))
        {
            if (Number((string?)entry.Name, out var producer) && Number((string?)entry.Value, out var mark))
                waiting.Marks[producer] = mark;
        }

        for (var from = "-"; ;)
        {
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(Page, [names.Entries], [from, PageEntries]).WaitAsync(timeout).ConfigureAwait(false))!;
            if (reply.Length == 0)
                return waiting;
            for (var i = 1; i + 2 < reply.Length; i += 3)
                waiting.Add((string?)reply[i], (string?)reply[i + 1], (string?)reply[i + 2]);
            from = "(" + (string)reply[0]!;
        }
    }

    /// <summary>The stretches of <paramref name="first"/> to <paramref name="last"/> that are not in the stream.</summary>
    public IEnumerable<(ulong First, ulong Last)> Without(ulong producer, ulong first, ulong last)
    {
        foreach (var span in _spans.GetValueOrDefault(producer) ?? [])
        {
            if (span.Last < first || span.First > last)
                continue;
            if (span.First > first)
                yield return (first, span.First - 1);
            first = span.Last + 1;
            if (first > last)
                yield break;
        }

        yield return (first, last);
    }

    private void Add(string? producerText, string? firstText, string? countText)
    {
        if (!Number(producerText, out var producer) || !Number(firstText, out var first) || !Number(countText, out var count) || count == 0)
            return;
        if (!_spans.TryGetValue(producer, out var spans))
            _spans[producer] = spans = [];
        var last = first + count - 1;
        if (spans.Count > 0 && spans[^1].Last + 1 == first)
            spans[^1] = (spans[^1].First, last);
        else
            spans.Add((first, last));
        if (spans.Count > 1 && spans[^1].First < spans[^2].First)
            spans.Sort();
    }

    private static bool Number(string? text, out ulong number) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
