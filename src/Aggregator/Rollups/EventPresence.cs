using System.Globalization;
using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Rollups;

/// <summary>What of a shard is in the raw table: the only authority on what need not be inserted again.</summary>
internal sealed class EventPresence(ClickHouseClient clickHouse, int shard)
{
    /// <summary>The highest number of every producer. Answered from a projection, whatever the size of the table.</summary>
    public async Task<ProducerMarks> LoadMarksAsync(CancellationToken cancellation)
    {
        var answer = await clickHouse.QueryAsync(
            "SELECT producer, max(number) FROM events WHERE shard = {shard:UInt16} GROUP BY producer FORMAT TSV",
            cancellation,
            ("shard", Text(shard))).ConfigureAwait(false);
        var marks = new ProducerMarks();
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
            marks.TryAdvance(rows.UInt64(), rows.UInt64());
        return marks;
    }

    /// <summary>Fills <paramref name="missing"/> with the rows that are not in the table, each once.</summary>
    public async Task FindMissingAsync(RowBlock rows, RowBlock missing, CancellationToken cancellation)
    {
        missing.Clear();
        if (rows.Count == 0)
            return;
        var (lowest, highest, earliest, latest) = Range(rows);
        var answer = await clickHouse.QueryAsync(
            """
            SELECT producer, number FROM events
            WHERE shard = {shard:UInt16} AND number BETWEEN {lowest:UInt64} AND {highest:UInt64}
                AND time BETWEEN fromUnixTimestamp64Milli({earliest:Int64}, 'UTC') AND fromUnixTimestamp64Milli({latest:Int64}, 'UTC')
            FORMAT TSV
            """,
            cancellation,
            ("shard", Text(shard)), ("lowest", Text(lowest)), ("highest", Text(highest)), ("earliest", Text(earliest)), ("latest", Text(latest)))
            .ConfigureAwait(false);
        var seen = new HashSet<EventId>();
        for (var present = new TabSeparated(answer); !present.AtEnd;)
            seen.Add(new EventId(present.UInt64(), present.UInt64()));
        for (var i = 0; i < rows.Count; i++)
        {
            if (seen.Add(new EventRowView(rows[i]).Id))
                missing.Add(rows[i]);
        }
    }

    private static (ulong Lowest, ulong Highest, long Earliest, long Latest) Range(RowBlock rows)
    {
        var (lowest, highest, earliest, latest) = (ulong.MaxValue, ulong.MinValue, long.MaxValue, long.MinValue);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = new EventRowView(rows[i]);
            lowest = Math.Min(lowest, row.Id.Number);
            highest = Math.Max(highest, row.Id.Number);
            earliest = Math.Min(earliest, row.TimeMs);
            latest = Math.Max(latest, row.TimeMs);
        }

        return (lowest, highest, earliest, latest);
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
