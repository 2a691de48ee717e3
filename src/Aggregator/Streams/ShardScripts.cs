namespace Delivery.Aggregator.Streams;

/// <summary>
/// Every write to a shard's keys. Each compares the lease's stamp (fencing epoch and owner) in the same step, so that an owner
/// that was paused past its lease changes nothing.
/// </summary>
/// <remarks>
/// A Redis that is full refuses the first write of a script if it could take memory, and lets those after it pass. What empties the
/// stream must work just then, so each script begins with a write that takes none and changes nothing: PERSIST of a key without a limit.
/// </remarks>
internal static class ShardScripts
{
    /// <summary>KEYS: lease, epoch, manifest. ARGV: owner, milliseconds. Gives the stamp and the manifest's fields, or nothing where there is an owner.</summary>
    public const string Acquire = """
        if redis.call('EXISTS', KEYS[1]) == 1 then return {} end
        redis.call('PERSIST', KEYS[2])
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

    /// <summary>
    /// What whoever reads events by their numbers goes by. A function of the place where its arguments begin, which gives the place after
    /// them: how many producers, how many spans, (producer, first, last) of each span, (producer, number) of each producer. Numbers up to the one in the hash
    /// 'committed' are all in ClickHouse. Spans are numbers that may have come since: what of them lies below that mark goes to the list 'late'.
    /// </summary>
    public const string Feed = """
        local function feed(at, committed, late)
            for i = 1, tonumber(ARGV[at + 1]) do
                local p, first, last = ARGV[at + i * 3 - 1], tonumber(ARGV[at + i * 3]), tonumber(ARGV[at + i * 3 + 1])
                local mark = tonumber(redis.call('HGET', committed, p) or '0')
                if first <= mark then
                    redis.call('XADD', late, 'MAXLEN', '~', 100000, '*', 'p', p, 'f', string.format('%.0f', first), 'l', string.format('%.0f', math.min(last, mark)))
                end
            end
            local from = at + 2 + tonumber(ARGV[at + 1]) * 3
            for i = 1, tonumber(ARGV[at]) do
                local p, number = ARGV[from + i * 2 - 2], tonumber(ARGV[from + i * 2 - 1])
                if number > tonumber(redis.call('HGET', committed, p) or '0') then redis.call('HSET', committed, p, string.format('%.0f', number)) end
            end
            return from + tonumber(ARGV[at]) * 2
        end
        """;

    /// <summary>KEYS: lease, committed. ARGV: stamp, then producer and number of each that has none yet. 0 where the lease is lost.</summary>
    public const string SeedMarks = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('PERSIST', KEYS[2])
        for i = 2, #ARGV, 2 do redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1]) end
        return 1
        """;

    /// <summary>KEYS: lease. ARGV: stamp.</summary>
    public const string Release = """
        if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
        return 1
        """;

    /// <summary>KEYS: lease, manifest. ARGV: stamp, first, last, count, token. 1 where it is written.</summary>
    public const string WriteManifest = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('PERSIST', KEYS[2])
        redis.call('HSET', KEYS[2], 'first', ARGV[2], 'last', ARGV[3], 'count', ARGV[4], 'token', ARGV[5])
        return 1
        """;

    /// <summary>
    /// KEYS: lease, manifest, cursor, entries, dead letters, committed, late. ARGV: stamp, token, first, last, the id after last, now in
    /// milliseconds, events, dead letters kept, then as <see cref="Feed"/> says, then (reason, producer, number, count, entry, raw) for each
    /// dead letter.
    /// 0 lease lost, 1 committed, 2 committed but not trimmed, 3 the manifest is not this batch's. Repeating it changes nothing.
    /// <para>
    /// Trims only while the batch is the head of the stream and its last entry is still there: then every entry up to it was read.
    /// </para>
    /// </summary>
    public const string Commit = Feed + """

        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        if redis.call('HGET', KEYS[2], 'token') ~= ARGV[2] then
            if redis.call('HGET', KEYS[3], 'token') == ARGV[2] then return 1 end
            return 3
        end
        redis.call('PERSIST', KEYS[2])
        local at = feed(9, KEYS[6], KEYS[7])
        if #ARGV >= at then
            local trimmed = redis.call('XLEN', KEYS[5]) + (#ARGV - at + 1) / 6
            for i = at, #ARGV, 6 do
                redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[8], '*', 'reason', ARGV[i], 'producer', ARGV[i + 1],
                    'number', ARGV[i + 2], 'count', ARGV[i + 3], 'entry', ARGV[i + 4], 'raw', ARGV[i + 5])
            end
            trimmed = trimmed - redis.call('XLEN', KEYS[5])
            if trimmed > 0 then redis.call('HINCRBY', KEYS[3], 'letters_lost', trimmed) end
        end
        redis.call('HSET', KEYS[3], 'last', ARGV[4], 'token', ARGV[2], 'committed_ms', ARGV[6], 'events', ARGV[7])
        redis.call('DEL', KEYS[2])
        local head = redis.call('XRANGE', KEYS[4], '-', '+', 'COUNT', 1)
        if #head == 0 or head[1][1] ~= ARGV[3] then return 2 end
        if #redis.call('XRANGE', KEYS[4], ARGV[4], ARGV[4]) == 0 then return 2 end
        redis.call('XTRIM', KEYS[4], 'MINID', '=', ARGV[5])
        return 1
        """;

    /// <summary>
    /// KEYS: lease, replays, dead letters, cursor, committed, late. ARGV: stamp, dead letters kept, ids, then the ids of the replay, then as
    /// <see cref="Feed"/> says, then as in <see cref="Commit"/> what is a dead letter again. 0 lease lost, 1 done. Repeating it changes nothing.
    /// </summary>
    public const string CommitReplay = Feed + """

        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        local ids = tonumber(ARGV[3])
        if #redis.call('XRANGE', KEYS[2], ARGV[4], ARGV[4]) == 0 then return 1 end
        for i = 4, 3 + ids do redis.call('XDEL', KEYS[2], ARGV[i]) end
        local at = feed(4 + ids, KEYS[5], KEYS[6])
        local trimmed = redis.call('XLEN', KEYS[3])
        for i = at, #ARGV, 6 do
            trimmed = trimmed + 1
            redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[2], '*', 'reason', ARGV[i], 'producer', ARGV[i + 1],
                'number', ARGV[i + 2], 'count', ARGV[i + 3], 'entry', ARGV[i + 4], 'raw', ARGV[i + 5])
        end
        trimmed = trimmed - redis.call('XLEN', KEYS[3])
        if trimmed > 0 then redis.call('HINCRBY', KEYS[4], 'letters_lost', trimmed) end
        return 1
        """;
}
