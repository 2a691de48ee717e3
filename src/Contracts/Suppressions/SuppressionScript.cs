using System.Globalization;
using StackExchange.Redis;

namespace Delivery.Contracts.Suppressions;

/// <summary>Adds to and removes from an account's suppressions; repeating a call changes nothing.</summary>
public static class SuppressionScript
{
    /// <summary>Changes kept in the log, about; a mirror that fell further behind loads everything anew.</summary>
    public const int LogLength = 100_000;

    private const string AddLua = """
        redis.call('SADD', KEYS[2], ARGV[1])
        if redis.call('HSETNX', KEYS[1], ARGV[2], ARGV[3]) == 0 then return 0 end
        redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[4], '*', 'a', ARGV[1], 'k', ARGV[2], 'o', 'add')
        return 1
        """;

    private const string RemoveLua = """
        if redis.call('HDEL', KEYS[1], ARGV[2]) == 0 then return 0 end
        redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[4], '*', 'a', ARGV[1], 'k', ARGV[2], 'o', 'remove')
        return 1
        """;

    /// <summary>True where the address was not suppressed before. A call that timed out is unknown: repeat it.</summary>
    /// <exception cref="RedisException">Redis did not take it.</exception>
    /// <exception cref="TimeoutException">No answer within <paramref name="deadline"/>.</exception>
    public static Task<bool> AddAsync(
        IDatabaseAsync redis, SuppressionKeys keys, uint account, RecipientKey recipient, SuppressionReason reason, uint list, long timeMs, TimeSpan deadline) =>
        RunAsync(redis, AddLua, keys, account, recipient, Value(reason, list, timeMs), deadline);

    /// <summary>True where the address was suppressed before.</summary>
    /// <inheritdoc cref="AddAsync"/>
    public static Task<bool> RemoveAsync(IDatabaseAsync redis, SuppressionKeys keys, uint account, RecipientKey recipient, TimeSpan deadline) =>
        RunAsync(redis, RemoveLua, keys, account, recipient, RedisValue.EmptyString, deadline);

    private static string Value(SuppressionReason reason, uint list, long timeMs) =>
        string.Create(CultureInfo.InvariantCulture, $"{reason switch
        {
            SuppressionReason.Unsubscribe => "unsubscribe",
            SuppressionReason.HardBounce => "hard_bounce",
            SuppressionReason.Complaint => "complaint",
            _ => "manual",
        }}|{timeMs}|{list}");

    private static async Task<bool> RunAsync(
        IDatabaseAsync redis, string lua, SuppressionKeys keys, uint account, RecipientKey recipient, RedisValue value, TimeSpan deadline)
    {
        var reply = await redis.ScriptEvaluateAsync(
            lua,
            [keys.Of(account), keys.Accounts, keys.Log],
            [account.ToString(CultureInfo.InvariantCulture), recipient.ToString(), value, LogLength]).WaitAsync(deadline).ConfigureAwait(false);
        return (int)reply == 1;
    }
}
