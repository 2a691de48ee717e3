using System.Globalization;
using StackExchange.Redis;

namespace Delivery.Contracts.Suppressions;

/// <summary>Where Redis stands with the suppressions, and what changed since a reader looked last.</summary>
public static class SuppressionLog
{
    /// <summary>The place before the first change.</summary>
    public const string Start = "0-0";

    private const string StandLua = """
        redis.call('SETNX', KEYS[3], ARGV[1])
        local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
        return {redis.call('GET', KEYS[3]), redis.call('GET', KEYS[2]) or '0', newest[1] and newest[1][1] or '0-0'}
        """;

    private const string ReadLua = """
        return {redis.call('GET', KEYS[3]) or '', redis.call('GET', KEYS[2]) or '0', redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])}
        """;

    /// <summary>Where the log ends now. Gives Redis its epoch where it has none.</summary>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    /// <exception cref="TimeoutException">No answer within <paramref name="deadline"/>.</exception>
    public static async Task<SuppressionStand> StandAsync(IDatabaseAsync redis, SuppressionKeys keys, TimeSpan deadline)
    {
        var reply = await RunAsync(redis, keys, StandLua, [Guid.NewGuid().ToString("N")], deadline).ConfigureAwait(false);
        return new SuppressionStand((string)reply[0]!, Number(reply[1]), (string)reply[2]!);
    }

    /// <summary>
    /// Changes from <paramref name="place"/> on, that one included where it is there still, so that the reader sees whether the log goes on from it.
    /// </summary>
    /// <param name="most">Changes to read.</param>
    /// <param name="into">Cleared, then filled.</param>
    /// <returns>Epoch and version of now; the place of the last change read, or the one given.</returns>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    /// <exception cref="TimeoutException">No answer within <paramref name="deadline"/>.</exception>
    /// <exception cref="FormatException">The log holds what is no change.</exception>
    public static async Task<SuppressionStand> ReadAsync(
        IDatabaseAsync redis, SuppressionKeys keys, string place, int most, List<LoggedChange> into, TimeSpan deadline)
    {
        into.Clear();
        var reply = await RunAsync(redis, keys, ReadLua, [place, most], deadline).ConfigureAwait(false);
        foreach (var entry in (RedisResult[])reply[2]!)
        {
            var parts = (RedisResult[])entry!;
            var fields = (RedisResult[])parts[1]!;
            // In the order that the script writes them: n, a, k, v.
            if (fields.Length < 8 || !RecipientKey.TryParse((string)fields[5]!, out var recipient))
                throw new FormatException("The log of suppressions holds what is no change.");
            place = (string)parts[0]!;
            into.Add(new LoggedChange(place, Number(fields[1]), (uint)Number(fields[3]), recipient, (string?)fields[7] ?? ""));
        }

        return new SuppressionStand((string)reply[0]!, Number(reply[1]), place);
    }

    private static long Number(RedisResult result) => long.Parse((string)result!, CultureInfo.InvariantCulture);

    private static async Task<RedisResult[]> RunAsync(IDatabaseAsync redis, SuppressionKeys keys, string lua, RedisValue[] arguments, TimeSpan deadline) =>
        (RedisResult[])(await redis.ScriptEvaluateAsync(lua, [keys.Log, keys.Version, keys.Epoch], arguments).WaitAsync(deadline).ConfigureAwait(false))!;
}
