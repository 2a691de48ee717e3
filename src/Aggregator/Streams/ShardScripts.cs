namespace Delivery.Aggregator.Streams;

/// <summary>
/// Every write to a shard's keys. Each compares the lease's stamp (fencing epoch and owner) in the same step, so that an owner
/// that was paused past its lease changes nothing.
/// </summary>
internal static class ShardScripts
{
    /// <summary>KEYS: lease, epoch, manifest. ARGV: owner, milliseconds. Gives the stamp and the manifest's fields, or nothing where there is an owner.</summary>
    public const string Acquire = """
        if redis.call('EXISTS', KEYS[1]) == 1 then return {} end
        local stamp = string.format('%.0f', redis.call('INCR', KEYS[2])) .. ':' .. ARGV[1]
        redis.call('SET', KEYS[1], stamp, 'PX', ARGV[2])
        local m = redis.call('HMGET', KEYS[3], 'first', 'last', 'count', 'token')
        return {stamp, m[1] or '', m[2] or '', m[3] or '', m[4] or ''}
        """;

    /// <summary>KEYS: lease. ARGV: stamp, milliseconds. 1 where it is still ours.</summary>
    public const string Renew = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        return redis.call('PEXPIRE', KEYS[1], ARGV[2])
        """;

    /// <summary>KEYS: lease. ARGV: stamp.</summary>
    public const string Release = """
        if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
        return 1
        """;

    /// <summary>KEYS: lease, manifest. ARGV: stamp, first, last, count, token. 1 where it is written.</summary>
    public const string WriteManifest = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[2], 'first', ARGV[2], 'last', ARGV[3], 'count', ARGV[4], 'token', ARGV[5])
        return 1
        """;

    /// <summary>
    /// KEYS: lease, manifest, cursor, entries, dead letters. ARGV: stamp, token, first, last, the id after last, now in milliseconds,
    /// events, dead letters kept, then (reason, producer, number, entry, raw) for each dead letter.
    /// 0 lease lost, 1 committed, 2 committed but not trimmed, 3 the manifest is not this batch's. Repeating it changes nothing.
    /// <para>
    /// Trims only while the batch is the head of the stream and its last entry is still there: then every entry up to it was read.
    /// </para>
    /// </summary>
    public const string Commit = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        if redis.call('HGET', KEYS[2], 'token') ~= ARGV[2] then
            if redis.call('HGET', KEYS[3], 'token') == ARGV[2] then return 1 end
            return 3
        end
        for i = 9, #ARGV, 5 do
            redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[8], '*', 'reason', ARGV[i], 'producer', ARGV[i + 1],
                'number', ARGV[i + 2], 'entry', ARGV[i + 3], 'raw', ARGV[i + 4])
        end
        redis.call('HSET', KEYS[3], 'last', ARGV[4], 'token', ARGV[2], 'committed_ms', ARGV[6], 'events', ARGV[7])
        redis.call('DEL', KEYS[2])
        local head = redis.call('XRANGE', KEYS[4], '-', '+', 'COUNT', 1)
        if #head == 0 or head[1][1] ~= ARGV[3] then return 2 end
        if #redis.call('XRANGE', KEYS[4], ARGV[4], ARGV[4]) == 0 then return 2 end
        redis.call('XTRIM', KEYS[4], 'MINID', '=', ARGV[5])
        return 1
        """;
}
