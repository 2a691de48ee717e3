using System.Globalization;
using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Hindsight;

/// <summary>Finds the readers of a shard in ClickHouse.</summary>
internal sealed class ReaderPages(ClickHouseClient clickHouse, int shard)
{
    /// <summary>
    /// The next page of a walk; an empty one is its end. Where rules are not applied again, those without a click are left out: nothing
    /// in hindsight concerns them.
    /// </summary>
    public async Task NextAsync(CatchUp walk, int most, List<KeyValuePair<ReaderKey, ReaderSpan>> page, CancellationToken cancellation)
    {
        page.Clear();
        var sql = $$"""
            SELECT account, job, recipient, toUnixTimestamp64Milli(min(time)), toUnixTimestamp64Milli(max(time)) FROM events
            WHERE shard = {shard:UInt16} AND kind IN ('opened', 'clicked') AND time >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
                {{(walk.Job is null ? "" : "AND job = {job:UInt64}")}}
                {{(walk.After is null ? "" : "AND (account, job, recipient) > ({a:UInt32}, {j:UInt64}, {r:UInt32})")}}
            GROUP BY account, job, recipient
            {{(walk.Reapplies ? "" : "HAVING countIf(kind = 'clicked') > 0")}}
            ORDER BY account, job, recipient LIMIT {most:UInt32} FORMAT TSV
            """;
        var (account, job, recipient) = walk.After ?? default;
        var answer = await clickHouse.QueryAsync(
            sql, cancellation,
            ("shard", Text(shard)), ("since", Text(walk.SinceMs)), ("job", Text(walk.Job ?? 0)), ("most", Text(most)),
            ("a", Text(account)), ("j", Text(job)), ("r", Text(recipient))).ConfigureAwait(false);
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
        {
            var key = new ReaderKey((uint)rows.UInt64(), rows.UInt64(), (uint)rows.UInt64());
            page.Add(new(key, new ReaderSpan((long)rows.UInt64(), (long)rows.UInt64())));
        }

        if (page.Count > 0)
            walk.After = page[^1].Key;
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
