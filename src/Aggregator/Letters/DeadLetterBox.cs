using System.Text;
using Delivery.Aggregator.Streams;
using Delivery.Contracts.Streams;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Aggregator.Letters;

/// <summary>The dead letters of all shards. A replay moves letters to where the shard's owner finds them, in the same step that takes them away. Thread-safe.</summary>
internal sealed class DeadLetterBox(IConnectionMultiplexer redis, IOptions<RedisOptions> redisOptions, IOptions<AggregatorOptions> options)
{
    private const int GroupBytes = 8 * 1024 * 1024;
    private const int PageEntries = 16;

    public int Shards => redisOptions.Value.Shards;

    /// <summary>At most <paramref name="limit"/> letters whose reason holds a text, behind <paramref name="after"/>.</summary>
    /// <exception cref="RedisException">Redis did not answer; also <see cref="TimeoutException"/>.</exception>
    public async Task<LetterPage> ListAsync(int shard, string? reason, string? after, int limit)
    {
        var letters = new List<Letter>();
        var from = after is null ? "-" : "(" + after;
        while (true)
        {
            var page = await RangeAsync(shard, from, "+", PageEntries, withRaw: false).ConfigureAwait(false);
            foreach (var letter in page)
            {
                if (string.IsNullOrEmpty(reason) || letter.Reason.Contains(reason, StringComparison.Ordinal))
                    letters.Add(letter);
                if (letters.Count == limit)
                    return new LetterPage(letters, letter.Id);
            }

            if (page.Count < PageEntries)
                return new LetterPage(letters, null);
            from = "(" + page[^1].Id;
        }
    }

    /// <summary>One letter with its bytes; null where there is none.</summary>
    /// <inheritdoc cref="ListAsync"/>
    public async Task<Letter?> FindAsync(int shard, string id) =>
        await RangeAsync(shard, id, id, 1, withRaw: true).ConfigureAwait(false) is [var letter] ? letter : null;

    /// <summary>Takes the letters that are meant away, a few hundred at a call; replayed ones go to the shard's owner, others are gone.</summary>
    /// <exception cref="RedisException">Redis did not answer, or perhaps did: what was moved is moved once. Also <see cref="TimeoutException"/>.</exception>
    public async Task<LetterChange> TakeAsync(LetterOrder order, bool replay)
    {
        var names = new StreamNames(redisOptions.Value, order.Shard);
        var arguments = new List<RedisValue>
        {
            order.After ?? "", order.Reason ?? "", ReplayStream.GroupLetters, GroupBytes, replay ? Guid.NewGuid().ToString("N") : "", order.Until ?? "",
        };
        foreach (var id in order.Ids ?? [])
            arguments.Add(id);
        var reply = (RedisResult[])(await redis.GetDatabase().ScriptEvaluateAsync(LetterScripts.Take, [names.Dead, names.Replay], [.. arguments])
            .WaitAsync(options.Value.RedisTimeout).ConfigureAwait(false))!;
        var next = (string)reply[1]!;
        return new LetterChange((int)reply[0], next.Length == 0 ? null : next, next.Length == 0 ? null : (string)reply[2]!);
    }

    private async Task<List<Letter>> RangeAsync(int shard, string from, string to, int count, bool withRaw)
    {
        var names = new StreamNames(redisOptions.Value, shard);
        var reply = (RedisResult[])(await redis.GetDatabase().ExecuteAsync("XRANGE", names.Dead, from, to, "COUNT", count)
            .WaitAsync(options.Value.RedisTimeout).ConfigureAwait(false))!;
        var letters = new List<Letter>(reply.Length);
        foreach (var item in reply)
        {
            var pair = (RedisResult[])item!;
            var id = (string)pair[0]!;
            var fields = (RedisResult[])pair[1]!;
            var raw = Bytes(fields, "raw");
            letters.Add(new Letter(
                shard, id, DateTimeOffset.FromUnixTimeMilliseconds((long)StreamId.Milliseconds(id)), Text(fields, "reason"), Text(fields, "producer"),
                Text(fields, "number"), Text(fields, "entry"), Text(fields, "count"), raw.Length, withRaw ? raw : null));
        }

        return letters;
    }

    private static string Text(RedisResult[] fields, string name) => Encoding.UTF8.GetString(Bytes(fields, name));

    private static byte[] Bytes(RedisResult[] fields, string name)
    {
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            if ((string?)fields[i] == name)
                return (byte[]?)fields[i + 1] ?? [];
        }

        return [];
    }
}
