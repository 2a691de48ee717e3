using System.Globalization;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Reports.Figures;

namespace Delivery.Aggregator.Reports.Timelines;

/// <summary>Reads what happened to a job when. Thread-safe.</summary>
internal sealed class TimelineQuery(RollupQuery rollups, Freshness freshness)
{
    private const int HoursOfWeek = 7 * 24;

    private const string HoursSql =
        $"SELECT toUInt64((toDayOfWeek(bucket, 0, {{zone:String}}) - 1) * 24 + toHour(bucket, {{zone:String}})) AS slot, kind, {RollupQuery.Human}, {RollupQuery.Counts} "
        + $"FROM events_by_job_rows WHERE kind IN ('opened', 'clicked') AND {RollupQuery.OfJob} GROUP BY slot, kind, human";

    /// <summary>Null where the account has no such job.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<TimelineReport?> TimelineAsync(uint account, ulong job, TimeStep step, string zone, CancellationToken cancellation)
    {
        var fresh = await freshness.OfAsync(job).ConfigureAwait(false);
        var sql =
            $"SELECT toUInt64(toUnixTimestamp({step.Start} AS start)) AS slot, any(timezoneOffset(start)) AS ahead, kind, {RollupQuery.Human}, {RollupQuery.Counts} "
            + $"FROM events_by_job_rows WHERE kind IN ('delivered', 'bounced', 'opened', 'clicked', 'unsubscribed') AND {RollupQuery.OfJob} GROUP BY slot, kind, human";
        return await RowsAsync(sql, account, job, zone, cancellation).ConfigureAwait(false) is { } rows
            ? new TimelineReport(Text(job), fresh, zone, step.Name, TimelinePoint.From(rows))
            : null;
    }

    /// <inheritdoc cref="TimelineAsync"/>
    public async Task<HoursReport?> HoursAsync(uint account, ulong job, string zone, CancellationToken cancellation)
    {
        var fresh = await freshness.OfAsync(job).ConfigureAwait(false);
        if (await RowsAsync(HoursSql, account, job, zone, cancellation).ConfigureAwait(false) is not { } rows)
            return null;
        var slots = new FigureTally[HoursOfWeek];
        for (var i = 0; i < HoursOfWeek; i++)
            slots[i] = new FigureTally();
        foreach (var row in rows)
            slots[row.Slot].Add(row);
        return new HoursReport(Text(job), fresh, zone, [.. slots.Select((figures, slot) =>
            new HourFigures((slot / 24) + 1, slot % 24, figures.Pair("opened"), figures.Pair("clicked"), figures.Machines))]);
    }

    private async Task<List<FigureRow>?> RowsAsync(string sql, uint account, ulong job, string zone, CancellationToken cancellation)
    {
        var rows = await rollups.RowsAsync(sql, ReportJson.Default.FigureRow, account, job, cancellation, ("zone", zone)).ConfigureAwait(false);
        return rows.Count > 0 || await rollups.HasAsync(account, job, cancellation).ConfigureAwait(false) ? rows : null;
    }

    private static string Text(ulong job) => job.ToString(CultureInfo.InvariantCulture);
}
