using System.Globalization;
using StackExchange.Redis;

namespace Delivery.Contracts.Suppressions;

/// <summary>Adds to and removes from an account's suppressions; repeating a call changes nothing.</summary>
public static class SuppressionScript
{
    /// <summary>Changes kept in the log, about; a mirror that fell further behind loads everything anew.</summary>
    public const int LogLength = 100_000;

    /// <summary>Suppressions in one call: bounds how long Redis does nothing else.</summary>
    public const int MostAtOnce = 500;

    /// <summary>Reasons and lists of one person: who is suppressed for so many is suppressed for all mail by the next one. Bounds what each change costs.</summary>
    public const int MostOfOne = 64;

    /// <summary>KEYS: hash, accounts, log, version, epoch. ARGV: account, log length, a word for a new epoch, then key, reason, list and time of each.</summary>
    private const string AddLua = """
        local function has(value, reason, list)
          return value and string.find(';' .. value .. ';', ';' .. reason .. '|[-%d]+|' .. list .. ';')
        end
        redis.call('SETNX', KEYS[5], ARGV[3])
        redis.call('SADD', KEYS[2], ARGV[1])
        local changed = 0
        for i = 4, #ARGV, 4 do
          local value, list = redis.call('HGET', KEYS[1], ARGV[i]), ARGV[i + 2]
          if value and not has(value, ARGV[i + 1], list) then
            local _, others = string.gsub(value, ';', ';')
            if others + 1 >= 64 then list = '0' end
          end
          if not has(value, ARGV[i + 1], list) then
            local added = ARGV[i + 1] .. '|' .. ARGV[i + 3] .. '|' .. list
            if value then added = value .. ';' .. added end
            redis.call('HSET', KEYS[1], ARGV[i], added)
            redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[2], '*', 'n', redis.call('INCR', KEYS[4]), 'a', ARGV[1], 'k', ARGV[i], 'v', added)
            changed = changed + 1
          end
        end
        return {changed, redis.call('GET', KEYS[5]), redis.call('GET', KEYS[4]) or '0'}
        """;

    /// <summary>ARGV: account, log length, a word for a new epoch, key, reason, list and latest time, each of the three empty for any.</summary>
    private const string RemoveLua = """
        redis.call('SETNX', KEYS[5], ARGV[3])
        local value = redis.call('HGET', KEYS[1], ARGV[4])
        local removed, kept = 0, {}
        if value then
          for entry in string.gmatch(value, '[^;]+') do
            local reason, time, list = string.match(entry, '^(.-)|(.-)|(.*)$')
            if (ARGV[5] == '' or ARGV[5] == reason) and (ARGV[6] == '' or ARGV[6] == list)
              and (ARGV[7] == '' or (tonumber(time) or 0) <= tonumber(ARGV[7])) then
              removed = removed + 1
            else
              kept[#kept + 1] = entry
            end
          end
        end
        if removed > 0 then
          local left = table.concat(kept, ';')
          if left == '' then redis.call('HDEL', KEYS[1], ARGV[4]) else redis.call('HSET', KEYS[1], ARGV[4], left) end
          redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[2], '*', 'n', redis.call('INCR', KEYS[4]), 'a', ARGV[1], 'k', ARGV[4], 'v', left)
        end
        return {removed, redis.call('GET', KEYS[5]), redis.call('GET', KEYS[4]) or '0'}
        """;

    /// <summary>True where the address was not suppressed for this reason and list before. A call that timed out is unknown: repeat it.</summary>
    /// <exception cref="RedisException">Redis did not take it.</exception>
    /// <exception cref="TimeoutException">No answer within <paramref name="deadline"/>.</exception>
    public static async Task<bool> AddAsync(
        IDatabaseAsync redis, SuppressionKeys keys, uint account, RecipientKey recipient, SuppressionReason reason, uint list, long timeMs, TimeSpan deadline)
    {
        var change = await AddAsync(redis, keys, account, [new SuppressedRecipient(recipient, new SuppressedFor(reason, list, timeMs))], deadline).ConfigureAwait(false);
        return change.Changed == 1;
    }

    /// <summary>Adds at most <see cref="MostAtOnce"/>, in order. Whoever is suppressed for the same reason and list keeps the time of it.</summary>
    /// <inheritdoc cref="AddAsync(IDatabaseAsync, SuppressionKeys, uint, RecipientKey, SuppressionReason, uint, long, TimeSpan)"/>
    public static Task<SuppressionChange> AddAsync(
        IDatabaseAsync redis, SuppressionKeys keys, uint account, IReadOnlyList<SuppressedRecipient> added, TimeSpan deadline)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(added.Count, MostAtOnce);
        var arguments = new RedisValue[3 + (4 * added.Count)];
        for (var i = 0; i < added.Count; i++)
        {
            var (recipient, why) = added[i];
            arguments[3 + (4 * i)] = recipient.ToString();
            arguments[4 + (4 * i)] = SuppressionReasons.Word(why.Reason);
            arguments[5 + (4 * i)] = why.List.ToString(CultureInfo.InvariantCulture);
            arguments[6 + (4 * i)] = why.TimeMs.ToString(CultureInfo.InvariantCulture);
        }

        return RunAsync(redis, AddLua, keys, account, arguments, deadline);
    }

    /// <summary>Removes all that is of the reason and list.</summary>
    /// <param name="reason">Null for any.</param>
    /// <param name="list">Null for any, 0 for what is about all mail.</param>
    /// <param name="until">Unix milliseconds: what is younger stays; null removes it whatever its age.</param>
    /// <inheritdoc cref="AddAsync(IDatabaseAsync, SuppressionKeys, uint, RecipientKey, SuppressionReason, uint, long, TimeSpan)"/>
    public static Task<SuppressionChange> RemoveAsync(
        IDatabaseAsync redis, SuppressionKeys keys, uint account, RecipientKey recipient, SuppressionReason? reason, uint? list, TimeSpan deadline, long? until = null)
    {
        var arguments = new RedisValue[7];
        arguments[3] = recipient.ToString();
        arguments[4] = reason is { } one ? SuppressionReasons.Word(one) : RedisValue.EmptyString;
        arguments[5] = list?.ToString(CultureInfo.InvariantCulture) ?? RedisValue.EmptyString;
        arguments[6] = until?.ToString(CultureInfo.InvariantCulture) ?? RedisValue.EmptyString;
        return RunAsync(redis, RemoveLua, keys, account, arguments, deadline);
    }

    /// <summary>Why the address is suppressed; empty where it is not.</summary>
    /// <inheritdoc cref="AddAsync(IDatabaseAsync, SuppressionKeys, uint, RecipientKey, SuppressionReason, uint, long, TimeSpan)"/>
    public static async Task<List<SuppressedFor>> FindAsync(IDatabaseAsync redis, SuppressionKeys keys, uint account, RecipientKey recipient, TimeSpan deadline)
    {
        var found = new List<SuppressedFor>();
        SuppressionValue.Parse((string?)await redis.HashGetAsync(keys.Of(account), recipient.ToString()).WaitAsync(deadline).ConfigureAwait(false), found);
        return found;
    }

    private static async Task<SuppressionChange> RunAsync(
        IDatabaseAsync redis, string lua, SuppressionKeys keys, uint account, RedisValue[] arguments, TimeSpan deadline)
    {
        arguments[0] = account.ToString(CultureInfo.InvariantCulture);
        arguments[1] = LogLength;
        arguments[2] = Guid.NewGuid().ToString("N");
        var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
            lua, [keys.Of(account), keys.Accounts, keys.Log, keys.Version, keys.Epoch], arguments).WaitAsync(deadline).ConfigureAwait(false))!;
        return new SuppressionChange((int)reply[0], (string)reply[1]!, long.Parse((string)reply[2]!, CultureInfo.InvariantCulture));
    }
}
