namespace Delivery.Aggregator.Webhooks;

/// <summary>Every change to webhooks. A sender's compare its lease in the same step, so that one that lost it changes nothing.</summary>
/// <remarks>A sender's begin with a write that takes no memory: where Redis is full, what was sent can be written down all the same.</remarks>
internal static class WebhookScripts
{
    /// <summary>KEYS: subscriptions, stopped, version, state. ARGV: version seen, id, JSON, '1' to take away what stopped it, field and value of the first state. 0 where something changed meanwhile.</summary>
    public const string Put = """
        if (redis.call('GET', KEYS[3]) or '0') ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
        if ARGV[4] == '1' then
            redis.call('HDEL', KEYS[2], ARGV[2])
            redis.call('HDEL', KEYS[4], 'failing_since', 'failures', 'next_attempt')
        end
        if #ARGV > 4 then redis.call('HSET', KEYS[4], ARGV[5], ARGV[6]) end
        redis.call('INCR', KEYS[3])
        return 1
        """;

    /// <summary>KEYS: subscriptions, stopped, version, then those of the webhook alone. ARGV: id.</summary>
    public const string Delete = """
        local had = redis.call('HDEL', KEYS[1], ARGV[1])
        redis.call('HDEL', KEYS[2], ARGV[1])
        for i = 4, #KEYS do redis.call('DEL', KEYS[i]) end
        redis.call('INCR', KEYS[3])
        return had
        """;

    /// <summary>KEYS: lease, epoch, subscriptions. ARGV: owner, milliseconds, id. Gives the stamp, or nothing where there is an owner or no such webhook.</summary>
    public const string Acquire = """
        if redis.call('EXISTS', KEYS[1]) == 1 or redis.call('HEXISTS', KEYS[3], ARGV[3]) == 0 then return false end
        redis.call('PERSIST', KEYS[2])
        local stamp = string.format('%.0f', redis.call('INCR', KEYS[2])) .. ':' .. ARGV[1]
        redis.call('SET', KEYS[1], stamp, 'PX', ARGV[2])
        return stamp
        """;

    /// <summary>KEYS: lease. ARGV: stamp, milliseconds.</summary>
    public const string Renew = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        return redis.call('PEXPIRE', KEYS[1], ARGV[2])
        """;

    /// <summary>KEYS: lease. ARGV: stamp.</summary>
    public const string Release = """
        if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
        return 1
        """;

    /// <summary>KEYS: lease, state, attempts. ARGV: stamp, attempt as JSON or '', attempts kept, then fields and values. 0 where the lease is lost.</summary>
    public const string Save = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('PERSIST', KEYS[2])
        for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
        if ARGV[2] ~= '' then
            redis.call('LPUSH', KEYS[3], ARGV[2])
            redis.call('LTRIM', KEYS[3], 0, tonumber(ARGV[3]) - 1)
        end
        return 1
        """;

    /// <summary>KEYS: lease, stopped, version. ARGV: stamp, id, why.</summary>
    public const string Stop = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('PERSIST', KEYS[2])
        redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
        redis.call('INCR', KEYS[3])
        return 1
        """;
}
