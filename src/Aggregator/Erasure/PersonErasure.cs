using System.Globalization;
using System.Text;
using Delivery.Aggregator.ClickHouse;
using Delivery.Contracts;
using StackExchange.Redis;

namespace Delivery.Aggregator.Erasure;

/// <summary>
/// Erases a person from ClickHouse and from what Redis had in flight. Rows stay, and so does every figure; what tells who they are about goes, and the parts
/// that held it too. Each step may be repeated, so a call that was cut off is simply made again. One at a time. Thread-safe.
/// </summary>
internal sealed class PersonErasure(ClickHouseClient clickHouse, ErasedPeople erased, RedisErasure inRedis, TimeProvider time) : IDisposable
{
    private const int IdsAtOnce = 1_000;
    private const int Tries = 3;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PartsPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestMutation = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestParts = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <exception cref="ClickHouseException">ClickHouse refused or is away; what was done stands.</exception>
    /// <exception cref="RedisException">Redis is away; what was done stands.</exception>
    public async Task<ErasureAnswer> RunAsync(uint account, ErasureRequest request, CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await RunOneAsync(account, request, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<ErasureAnswer> RunOneAsync(uint account, ErasureRequest request, CancellationToken cancellation)
    {
        var sql = new ErasureStatements(clickHouse.Database, account);
        var drained = request.DryRun || await inRedis.DrainedAsync(cancellation).ConfigureAwait(false);
        var keys = await KeysAsync(sql, request, cancellation).ConfigureAwait(false);
        var (recipients, events) = await CountAsync(sql, keys, cancellation).ConfigureAwait(false);
        var answer = new ErasureAnswer(account, keys, recipients, events, 0, 0, null, Verified: false, Complete: false, null);
        if (request.DryRun)
            return answer with { Mentions = (ulong)(await MentionsAsync(sql, request.Texts, cancellation).ConfigureAwait(false)).Sum(one => one.Ids.Count) };

        await clickHouse.ExecuteAsync(sql.Mark, cancellation, [("keys", Array(keys))]).ConfigureAwait(false);
        await erased.RefreshAsync(cancellation).ConfigureAwait(false);
        await Task.Delay(ErasedPeople.RefreshEvery * 2, time, cancellation).ConfigureAwait(false);
        drained &= await inRedis.DrainedAsync(cancellation).ConfigureAwait(false);
        var mentions = await MentionsAsync(sql, request.Texts, cancellation).ConfigureAwait(false);
        var clean = await BlankAsync(sql, mentions, cancellation).ConfigureAwait(false);
        var people = await PeopleAsync(account, cancellation).ConfigureAwait(false);
        var letters = await inRedis.ClearDeadLettersAsync(account, [.. keys.Select(Key)], request.Texts, people, cancellation).ConfigureAwait(false);
        var rewritten = await inRedis.RewriteAsync(cancellation).ConfigureAwait(false);
        var pending = !drained ? "events in Redis were not all read: erase again when the aggregator has caught up"
            : !clean ? "ClickHouse still has rows or old parts: erase again"
            : rewritten == false ? "Redis did not write its files anew, which may hold what was in flight: let it (BGREWRITEAOF), then erase again"
            : null;
        return answer with
        {
            Mentions = (ulong)mentions.Sum(one => one.Ids.Count), DeadLetters = letters, RedisRewritten = rewritten, Verified = clean, Complete = pending is null, Pending = pending,
        };
    }

    private async Task<List<string>> KeysAsync(ErasureStatements sql, ErasureRequest request, CancellationToken cancellation)
    {
        var keys = request.Keys.ToHashSet(StringComparer.Ordinal);
        if (request.UpstreamId is { Length: > 0 } id)
        {
            var answer = await clickHouse.QueryAsync(sql.KeysOf, cancellation, ("id", id)).ConfigureAwait(false);
            for (var rows = new TabSeparated(answer); !rows.AtEnd;)
                keys.Add(rows.Text());
        }

        return [.. keys.Order(StringComparer.Ordinal)];
    }

    private async Task<(ulong Recipients, ulong Events)> CountAsync(ErasureStatements sql, List<string> keys, CancellationToken cancellation)
    {
        var rows = new TabSeparated(await clickHouse.QueryAsync(sql.Count, cancellation, ("keys", Array(keys))).ConfigureAwait(false));
        return (rows.UInt64(), rows.UInt64());
    }

    private async Task<List<(string Column, List<string> Ids)>> MentionsAsync(ErasureStatements sql, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var found = new List<(string, List<string>)>();
        foreach (var column in (ReadOnlySpan<string>)["reply", "url"])
            found.Add((column, []));
        foreach (var (column, ids) in found)
        {
            foreach (var text in texts.Concat(texts.Select(Uri.EscapeDataString)).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                var answer = await clickHouse.QueryAsync(sql.Mentions(column), cancellation, ("text", text)).ConfigureAwait(false);
                for (var rows = new TabSeparated(answer); !rows.AtEnd;)
                    ids.Add(string.Create(CultureInfo.InvariantCulture, $"({rows.UInt64()},{rows.UInt64()},{rows.UInt64()})"));
            }
        }

        return found;
    }

    /// <summary>True once nothing is left, neither in rows nor in parts that were replaced.</summary>
    private async Task<bool> BlankAsync(ErasureStatements sql, List<(string Column, List<string> Ids)> mentions, CancellationToken cancellation)
    {
        foreach (var table in ErasureStatements.Tables)
            await clickHouse.ExecuteAsync($"ALTER TABLE {table} MODIFY SETTING old_parts_lifetime = 1", cancellation).ConfigureAwait(false);
        try
        {
            foreach (var (column, ids) in mentions)
            {
                foreach (var some in ids.Distinct(StringComparer.Ordinal).Chunk(IdsAtOnce))
                    await clickHouse.ExecuteAsync(sql.BlankMentions(column, string.Join(',', some)), cancellation).ConfigureAwait(false);
            }

            var left = 1UL;
            for (var attempt = 0; attempt < Tries && left > 0; attempt++)
            {
                foreach (var statement in (string[])[sql.BlankEvents, sql.BlankRecipients])
                    await clickHouse.ExecuteAsync(statement, cancellation).ConfigureAwait(false);
                await MutatedAsync(cancellation).ConfigureAwait(false);
                left = new TabSeparated(await clickHouse.QueryAsync(sql.Left, cancellation).ConfigureAwait(false)).UInt64();
            }

            foreach (var statement in (string[])[sql.BlankJobs, sql.BlankLinks, sql.BlankMails])
                await clickHouse.ExecuteAsync(statement, cancellation).ConfigureAwait(false);
            await MutatedAsync(cancellation).ConfigureAwait(false);
            return left == 0 && await OldPartsGoneAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            foreach (var table in ErasureStatements.Tables)
                await clickHouse.ExecuteAsync($"ALTER TABLE {table} RESET SETTING old_parts_lifetime", CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <exception cref="ClickHouseException">A mutation fails, and why.</exception>
    private async Task MutatedAsync(CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); ; await Task.Delay(Poll, time, cancellation).ConfigureAwait(false))
        {
            var rows = new TabSeparated(await clickHouse.QueryAsync(
                $"SELECT count(), replaceRegexpAll(max(latest_fail_reason), '\\s', ' ') FROM system.mutations WHERE database = '{clickHouse.Database}' AND NOT is_done AND table IN ({TableList}) FORMAT TSV",
                cancellation).ConfigureAwait(false));
            if (rows.UInt64() == 0)
                return;
            if (rows.Text() is { Length: > 0 } reason)
                throw new ClickHouseException(0, $"ClickHouse cannot rewrite a part: {reason}");
            if (time.GetElapsedTime(began) > LongestMutation)
                throw new ClickHouseException(0, "ClickHouse rewrites parts for too long: erase again when system.mutations shows that it is done.");
        }
    }

    /// <summary>An idle ClickHouse looks for old parts every few minutes only; dropping a partition, also one that there is not, has it look at once.</summary>
    private async Task<bool> OldPartsGoneAsync(CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); ; await Task.Delay(PartsPoll, time, cancellation).ConfigureAwait(false))
        {
            foreach (var table in ErasureStatements.Tables)
                await clickHouse.ExecuteAsync($"ALTER TABLE {table} DROP PARTITION ID '{(table == "events" ? "197001" : "none")}'", cancellation).ConfigureAwait(false);
            var answer = await clickHouse.QueryAsync(
                $"SELECT count() FROM system.parts WHERE database = '{clickHouse.Database}' AND NOT active AND table IN ({TableList}) FORMAT TSV", cancellation)
                .ConfigureAwait(false);
            if (new TabSeparated(answer).UInt64() == 0)
                return true;
            if (time.GetElapsedTime(began) > LongestParts)
                return false;
        }
    }

    private async Task<List<(ulong Job, uint Recipient)>> PeopleAsync(uint account, CancellationToken cancellation)
    {
        var answer = await clickHouse.QueryAsync(
            $"SELECT DISTINCT job, recipient FROM erased WHERE account = {account.ToString(CultureInfo.InvariantCulture)} AND since > now() - 3600 FORMAT TSV", cancellation).ConfigureAwait(false);
        var people = new List<(ulong, uint)>();
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
            people.Add((rows.UInt64(), (uint)rows.UInt64()));
        return people;
    }

    private static string TableList => string.Join(',', ErasureStatements.Tables.Select(table => $"'{table}'"));

    private static RecipientKey Key(string hex) => RecipientKey.TryParse(hex, out var key) ? key : default;

    private static string Array(List<string> keys) => new StringBuilder("[").AppendJoin(',', keys.Select(key => $"'{key}'")).Append(']').ToString();
}
