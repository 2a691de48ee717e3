using System.Globalization;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Reports.Figures;
using Delivery.Aggregator.Reports.Timelines;

namespace Delivery.Aggregator.Reports.Accounts;

/// <summary>Reads what happened to an account's mail. Thread-safe.</summary>
internal sealed class AccountQuery(ClickHouseClient clickHouse, Freshness freshness)
{
    private const string Rows = "FROM events_by_job WHERE account = {account:UInt32} AND bucket >= toDateTime({from:Int64}, 'UTC') AND bucket < toDateTime({to:Int64}, 'UTC')";

    private const string TotalsSql =
        $"""
        SELECT kind, human, sum(events) AS events, sum(people) AS people
        FROM (SELECT job, kind, {RollupQuery.Human}, {RollupQuery.Counts} {Rows} GROUP BY job, kind, human)
        GROUP BY kind, human
        """;

    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<AccountReport> ReadAsync(uint account, ReportMoment from, ReportMoment to, TimeStep step, string zone, CancellationToken cancellation)
    {
        var fresh = await freshness.OfAllAsync().ConfigureAwait(false);
        var period = await ReportPeriod.ResolveAsync(clickHouse, from, to, zone, cancellation).ConfigureAwait(false);
        (string, string)[] parameters =
        [
            ("account", JsonRows.Parameter(account)),
            ("zone", zone),
            ("from", period.From.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ("to", period.To.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ];
        var adding = clickHouse.RowsAsync(TotalsSql, ReportJson.Default.FigureRow, cancellation, parameters);
        var pointing = clickHouse.RowsAsync(PointsSql(step), ReportJson.Default.FigureRow, cancellation, parameters);
        await Task.WhenAll(adding, pointing).ConfigureAwait(false);
        var totals = new FigureTally();
        foreach (var row in await adding.ConfigureAwait(false))
            totals.Add(row);
        return new AccountReport(
            period.From, period.To, step.Name, zone, fresh, new SpanFigures(totals),
            TimelinePoint.Slots(await pointing.ConfigureAwait(false)).ConvertAll(slot => AccountPoint.Of(slot.Start, slot.Figures)));
    }

    private static string PointsSql(TimeStep step) =>
        $"""
        SELECT slot, any(ahead) AS ahead, kind, human, sum(events) AS events, sum(people) AS people
        FROM
        (
            SELECT job, toUInt64(toUnixTimestamp({step.Start} AS start)) AS slot, any(timezoneOffset(start)) AS ahead, kind, {RollupQuery.Human}, {RollupQuery.Counts}
            {Rows} AND kind IN ('accepted', 'delivered', 'bounced', 'opened', 'clicked', 'unsubscribed')
            GROUP BY job, slot, kind, human
        )
        GROUP BY slot, kind, human
        """;
}
