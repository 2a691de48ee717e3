using System.Globalization;
using StackExchange.Redis;

namespace Delivery.Contracts.Streams;

/// <summary>
/// The only way into an event stream. Appends an entry if, and only if, its first number is the one after the producer's mark,
/// and moves the mark in the same step: a lost reply, a retry and a replayed outbox are harmless, and a gap is seen.
/// <para>Entry fields: <c>p</c> producer (decimal), <c>n</c> first number, <c>c</c> record count, <c>e</c> the packed records.</para>
/// </summary>
public static class PublishScript
{
    public const string ProducerField = "p";
    public const string FirstField = "n";
    public const string CountField = "c";
    public const string RecordsField = "e";

    /// <summary>KEYS: entries, marks. ARGV: producer, first number, count, records, and "1" to leap over numbers that are lost for good.</summary>
    public const string Lua = """
        local mark = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0')
        local first = tonumber(ARGV[2])
        local last = first + tonumber(ARGV[3]) - 1
        if last <= mark then return {1, string.format('%.0f', mark)} end
        if first ~= mark + 1 and not (ARGV[5] == '1' and first > mark) then return {2, string.format('%.0f', mark)} end
        redis.call('XADD', KEYS[1], '*', 'p', ARGV[1], 'n', ARGV[2], 'c', ARGV[3], 'e', ARGV[4])
        redis.call('HSET', KEYS[2], ARGV[1], string.format('%.0f', last))
        return {0, string.format('%.0f', last)}
        """;

    /// <summary>
    /// Publishes one entry. A number is at least 1 and below 2^53. A call that failed or timed out is unknown, not failed:
    /// repeat it with the same arguments. Calls for one producer and shard are made one after another.
    /// </summary>
    /// <param name="leap">
    /// Accept a first number beyond the next one: only where the numbers between are lost for good (Redis came back without its data).
    /// </param>
    /// <exception cref="RedisException">Redis did not take it.</exception>
    /// <exception cref="TimeoutException">No answer within <paramref name="deadline"/>: unknown.</exception>
    public static async Task<PublishResult> PublishAsync(
        IDatabaseAsync redis, StreamNames names, ulong producer, ulong first, int count, ReadOnlyMemory<byte> records, TimeSpan deadline, bool leap = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfZero(first);
        var reply = await redis.ScriptEvaluateAsync(
            Lua,
            [names.Entries, names.Marks],
            [
                producer.ToString(CultureInfo.InvariantCulture),
                first.ToString(CultureInfo.InvariantCulture),
                count,
                records.ToArray(),
                leap ? "1" : "0",
            ]).WaitAsync(deadline).ConfigureAwait(false);
        var parts = (RedisResult[])reply!;
        return new PublishResult((PublishStatus)(int)parts[0], ulong.Parse((string)parts[1]!, CultureInfo.InvariantCulture));
    }
}
