namespace Delivery.Aggregator.Letters;

/// <summary>What may be done to dead letters by anybody, owner of the shard or not: each moves a letter as a whole, or not at all.</summary>
internal static class LetterScripts
{
    /// <summary>
    /// KEYS: dead letters, replays. ARGV: id after which to begin, text that the reason holds ('' any), letters at most, bytes at most,
    /// group to replay them in ('' drops them), last id to look at ('' the newest now), then the ids meant (none: all up to there).
    /// Gives how many were taken, where to go on ('' at the end), and the last id: those that come back unreadable meanwhile are behind it.
    /// <para>Taking away comes first: it needs no memory, and lets the rest pass where Redis is full.</para>
    /// </summary>
    public const string Take = """
        local taken, bytes = 0, 0
        local function take(letter)
            local id, f = letter[1], letter[2]
            local reason, size = '', 0
            for i = 1, #f, 2 do
                if f[i] == 'reason' then reason = f[i + 1] end
                size = size + #f[i] + #f[i + 1]
            end
            bytes = bytes + size
            if ARGV[2] ~= '' and not string.find(reason, ARGV[2], 1, true) then return end
            redis.call('XDEL', KEYS[1], id)
            if ARGV[5] ~= '' then redis.call('XADD', KEYS[2], '*', 'group', ARGV[5], 'letter', id, unpack(f)) end
            taken = taken + 1
        end
        if #ARGV > 6 then
            for i = 7, #ARGV do
                local found = redis.call('XRANGE', KEYS[1], ARGV[i], ARGV[i])
                if #found > 0 then take(found[1]) end
            end
            return {taken, '', ''}
        end
        local to = ARGV[6]
        if to == '' then
            local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
            if #newest == 0 then return {0, '', ''} end
            to = newest[1][1]
        end
        local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
        local looked = 0
        while true do
            local page = redis.call('XRANGE', KEYS[1], from, to, 'COUNT', 8)
            if #page == 0 then return {taken, '', to} end
            for _, letter in ipairs(page) do
                take(letter)
                looked = looked + 1
                from = '(' .. letter[1]
                if taken >= tonumber(ARGV[3]) or bytes >= tonumber(ARGV[4]) or looked >= 2000 then return {taken, letter[1], to} end
            end
        end
        """;
}
