using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using Delivery.Contracts.Streams;
using Delivery.Mta.Jobs;
using Delivery.Mta.Lanes;
using Delivery.Mta.Spool;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Mta.Caps;

/// <summary>
/// Counts how often each person was written to, in Redis, under the recipient key: one round trip for each claimed chunk. A recipient of a job counts once
/// however often it is counted, so a crash or a repetition changes nothing. What does not arrive in the end counts too. Thread-safe.
/// </summary>
internal sealed class FrequencyCap(
    IDatabaseAsync redis, IOptions<RedisOptions> redisOptions, IOptions<FrequencyCapOptions> options, JobLoader loader)
{
    /// <summary>
    /// KEYS: a sorted set for each person, of those that it was written to for, by time. ARGV: now, span (both ms), most, the job's eight bytes, and each one's ordinal
    /// in four. Answers a string with 1 for each that is over, else 0.
    /// </summary>
    private const string Lua = """
        local now, span, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local over = {}
        for i = 1, #KEYS do
          local member = ARGV[4] .. ARGV[4 + i]
          redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now - span)
          if redis.call('ZSCORE', KEYS[i], member) then
            over[i] = '0'
          elseif redis.call('ZCARD', KEYS[i]) >= most then
            over[i] = '1'
          else
            redis.call('ZADD', KEYS[i], now, member)
            redis.call('PEXPIRE', KEYS[i], span)
            over[i] = '0'
          end
        end
        return table.concat(over)
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly FrequencyCapOptions _options = options.Value;
    private readonly Dictionary<uint, AccountCapOptions> _accounts = options.Value.Accounts.ToDictionary(one => one.Account);

    /// <summary>True where the job's mail is counted. Mail that stays here, of a sandbox job, is not.</summary>
    public bool Governs(LiveJob job) =>
        (!job.Transactional || _options.Transactional) && Most(job.Account) > 0 && loader.Load(job.Id) is not { Sandbox: true };

    /// <summary>Counts recipients of a job; tells which of them have had all mail that the cap allows, and so are not counted.</summary>
    /// <exception cref="RedisException">Redis did not count them, or perhaps did: count them again.</exception>
    /// <exception cref="TimeoutException">The same.</exception>
    public async Task<BitArray> CountAsync(LiveJob job, List<SpooledRecipient> recipients, long nowMs)
    {
        var keys = new RedisKey[recipients.Count];
        var values = new RedisValue[4 + recipients.Count];
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{redisOptions.Value.Prefix}{{cap:{job.Account}}}:");
        values[0] = nowMs;
        values[1] = (long)Span(job.Account).TotalMilliseconds;
        values[2] = Most(job.Account);
        var id = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(id, job.Id);
        values[3] = id;
        for (var i = 0; i < recipients.Count; i++)
        {
            keys[i] = prefix + recipients[i].Key.ToString();
            var ordinal = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(ordinal, recipients[i].Ordinal);
            values[4 + i] = ordinal;
        }

        var answer = (string?)await redis.ScriptEvaluateAsync(Lua, keys, values).WaitAsync(Deadline).ConfigureAwait(false) ?? "";
        var over = new BitArray(recipients.Count);
        for (var i = 0; i < answer.Length; i++)
            over[i] = answer[i] == '1';
        return over;
    }

    private int Most(uint account) => _accounts.TryGetValue(account, out var own) ? own.Messages : _options.Messages;

    private TimeSpan Span(uint account) => _accounts.TryGetValue(account, out var own) && own.Span is { } span ? span : _options.Span;
}
