using System.Globalization;
using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Audit;

/// <summary>
/// Compares the numbers that a shard's producers gave with those in ClickHouse: each must be there once, as an event or aside, or wait
/// in Redis. Reads Redis first, so that what moves meanwhile is found in ClickHouse. Memory is bounded by stretches of a million numbers.
/// </summary>
internal sealed class NumberAudit(ClickHouseClient clickHouse, int shard, WaitingNumbers waiting, AuditReport report)
{
    private const ulong Stretch = 1 << 20;

    /// <summary>Every number that is there, once for each row that has it. Spans that no entry can have are not spread out.</summary>
    private static readonly string Present = $$"""
        (
            SELECT producer, number, toUInt8(1) AS event FROM events WHERE shard = {shard:UInt16}
            UNION ALL
            SELECT producer, arrayJoin(range(first, last + 1)) AS number, toUInt8(0) FROM numbers_aside
            WHERE shard = {shard:UInt16} AND what != 'before' AND last - first < {{Stretch}}
        )
        """;

    private readonly Dictionary<ulong, (ulong Next, ulong From)> _reached = [];
    private readonly Dictionary<ulong, ulong> _before = [];

    public async Task RunAsync(DateOnly? since, CancellationToken cancellation)
    {
        var start = since is { } day ? await StartAsync(day, cancellation).ConfigureAwait(false) : null;
        foreach (var row in await AskAsync(2, "SELECT producer, max(last) FROM numbers_aside WHERE shard = {shard:UInt16} AND what = 'before' GROUP BY producer", cancellation).ConfigureAwait(false))
            _before[row[0]] = row[1];
        var stretches = await AskAsync(
            5,
            $$"""
            SELECT producer, intDiv(number - 1, {{Stretch}}) AS stretch, countIf(event = 1),
                groupBitmapIf(toUInt32((number - 1) % {{Stretch}}), event = 1), groupBitmap(toUInt32((number - 1) % {{Stretch}}))
            FROM {{Present}} GROUP BY producer, stretch ORDER BY producer, stretch
            """,
            cancellation).ConfigureAwait(false);
        foreach (var row in stretches)
        {
            var (producer, stretch, events, distinct, present) = (row[0], row[1], row[2], row[3], row[4]);
            var from = start is null ? 1 : start.GetValueOrDefault(producer, ulong.MaxValue);
            var (first, last) = ((stretch * Stretch) + 1, (stretch + 1) * Stretch);
            if (last < from)
                continue;
            report.Events += distinct;
            report.Aside += present - distinct;
            var reached = _reached.GetValueOrDefault(producer, (Next: from, From: from));
            if (reached.Next < first)
                Missing(producer, reached.Next, first - 1);
            if (events != distinct)
                await RepeatsAsync(producer, Math.Max(first, from), last, cancellation).ConfigureAwait(false);
            var next = present == Stretch ? last + 1 : await GapsAsync(producer, Math.Max(first, reached.Next), last, cancellation).ConfigureAwait(false);
            _reached[producer] = (next, from);
        }

        Ends(start);
    }

    private async Task<Dictionary<ulong, ulong>> StartAsync(DateOnly since, CancellationToken cancellation)
    {
        var start = new Dictionary<ulong, ulong>();
        var rows = await AskAsync(
            2,
            "SELECT producer, min(number) FROM events WHERE shard = {shard:UInt16} AND time >= toDateTime({since:String}, 'UTC') GROUP BY producer",
            cancellation,
            ("since", since.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + " 00:00:00")).ConfigureAwait(false);
        foreach (var row in rows)
            start[row[0]] = row[1];
        return start;
    }

    /// <summary>From the highest number in ClickHouse to the mark in Redis.</summary>
    private void Ends(Dictionary<ulong, ulong>? start)
    {
        report.Producers += _reached.Keys.Union(start is null ? waiting.Marks.Keys : []).Count();
        foreach (var (producer, mark) in waiting.Marks)
        {
            if (_reached.TryGetValue(producer, out var reached) ? mark >= reached.Next : start is null && mark > 0)
                Missing(producer, Math.Max(1, reached.Next), mark);
        }

        foreach (var (producer, (next, _)) in _reached)
        {
            if (waiting.Marks.GetValueOrDefault(producer) is var mark && mark + 1 < next && report.Notices.Count < AuditReport.MostNamed)
                report.Notices.Add(string.Create(CultureInfo.InvariantCulture, $"shard {shard}: of producer {producer} ClickHouse has numbers up to {next - 1}, Redis knows {mark}: Redis came back older or empty, or is another one"));
        }
    }

    /// <summary>Reports what is missing up to the highest number that is there, and returns the one after that.</summary>
    private async Task<ulong> GapsAsync(ulong producer, ulong first, ulong last, CancellationToken cancellation)
    {
        var next = first;
        var rows = await AskAsync(
            1,
            $$"""SELECT DISTINCT number FROM {{Present}} WHERE producer = {producer:UInt64} AND number BETWEEN {first:UInt64} AND {last:UInt64} ORDER BY number""",
            cancellation, ("producer", Text(producer)), ("first", Text(first)), ("last", Text(last))).ConfigureAwait(false);
        foreach (var row in rows)
        {
            var number = row[0];
            if (number > next)
                Missing(producer, next, number - 1);
            next = number + 1;
        }

        return next;
    }

    private async Task RepeatsAsync(ulong producer, ulong first, ulong last, CancellationToken cancellation)
    {
        var rows = await AskAsync(
            2,
            "SELECT number, count() - 1 FROM events WHERE shard = {shard:UInt16} AND producer = {producer:UInt64} AND number BETWEEN {first:UInt64} AND {last:UInt64} GROUP BY number HAVING count() > 1 ORDER BY number",
            cancellation, ("producer", Text(producer)), ("first", Text(first)), ("last", Text(last))).ConfigureAwait(false);
        NumberSpan? run = null;
        foreach (var row in rows)
        {
            var (number, surplus) = (row[0], row[1]);
            if (run is not null && run.Last + 1 == number)
            {
                run = run with { Last = number, Count = run.Count + surplus };
                continue;
            }

            if (run is not null)
                report.AddRepeat(run);
            run = new NumberSpan(shard, Text(producer), number, number, surplus);
        }

        if (run is not null)
            report.AddRepeat(run);
    }

    private void Missing(ulong producer, ulong first, ulong last)
    {
        if (_before.TryGetValue(producer, out var before) && first <= before)
        {
            report.Untold += Math.Min(last, before) - first + 1;
            first = before + 1;
            if (first > last)
                return;
        }

        var missing = last - first + 1;
        foreach (var (from, to) in waiting.Without(producer, first, last))
        {
            if (from > to)
                continue;
            missing -= to - from + 1;
            report.AddGap(new NumberSpan(shard, Text(producer), from, to, to - from + 1));
        }

        report.Waiting += missing;
    }

    private async Task<List<ulong[]>> AskAsync(int columns, string sql, CancellationToken cancellation, params (string Name, string Value)[] parameters)
    {
        var answer = await clickHouse.QueryAsync(sql + " FORMAT TSV", cancellation, [("shard", Text(shard)), .. parameters]).ConfigureAwait(false);
        var table = new List<ulong[]>();
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
        {
            var row = new ulong[columns];
            for (var i = 0; i < columns; i++)
                row[i] = rows.UInt64();
            table.Add(row);
        }

        return table;
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
