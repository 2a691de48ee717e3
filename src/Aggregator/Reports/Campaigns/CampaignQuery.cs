using System.Text;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Reports.Figures;
using Delivery.Aggregator.Reports.Jobs;

namespace Delivery.Aggregator.Reports.Campaigns;

/// <summary>Reads campaigns: jobs of an account that have the same <c>campaign_id</c>. Thread-safe.</summary>
internal sealed class CampaignQuery(ClickHouseClient clickHouse, JobLines lines, Freshness freshness)
{
    private const string Jobs = "SELECT job FROM jobs WHERE account = {account:UInt32} AND hex(campaign_id) IN {campaigns:Array(String)}";

    private static readonly string FiguresSql =
        $$"""
        SELECT j.campaign_id AS campaign_id, c.kind AS kind, c.human AS human, sum(c.events) AS events, sum(c.people) AS people
        FROM
        (
            SELECT job, kind, {{RollupQuery.Human}}, {{RollupQuery.Counts}} FROM events_by_job_rows WHERE {{RollupQuery.Of(Jobs)}} GROUP BY job, kind, human
        ) AS c
        INNER JOIN
        (
            SELECT job, campaign_id FROM jobs FINAL WHERE account = {account:UInt32} AND hex(campaign_id) IN {campaigns:Array(String)}
        ) AS j ON j.job = c.job
        GROUP BY campaign_id, kind, human
        """;

    private static readonly string PeopleSql =
        $$"""
        SELECT uniqExactIf(key, bitmapContains(accepted, who)) AS accepted, uniqExactIf(key, bitmapContains(delivered, who)) AS delivered,
            uniqExactIf(key, bitmapContains(opened, who)) AS opened, uniqExactIf(key, bitmapContains(clicked, who)) AS clicked,
            uniqExactIf(key, bitmapContains(unsubscribed, who)) AS unsubscribed
        FROM
        (
            SELECT r.recipient_key AS key, r.recipient AS who, e.accepted AS accepted, e.delivered AS delivered, e.opened AS opened, e.clicked AS clicked, e.unsubscribed AS unsubscribed
            FROM recipients AS r
            INNER JOIN
            (
                SELECT job, groupBitmapMergeStateIf(people, kind = 'accepted') AS accepted, groupBitmapMergeStateIf(people, kind = 'delivered') AS delivered,
                    groupBitmapMergeStateIf(people, kind = 'opened' AND class = 'human') AS opened,
                    groupBitmapMergeStateIf(people, kind = 'clicked' AND class = 'human') AS clicked,
                    groupBitmapMergeStateIf(people, kind = 'unsubscribed') AS unsubscribed
                FROM events_by_job_rows
                WHERE kind IN ('accepted', 'delivered', 'opened', 'clicked', 'unsubscribed') AND {{RollupQuery.Of(Jobs)}} GROUP BY job
            ) AS e ON e.job = r.job
            WHERE r.account = {account:UInt32} AND r.job IN ({{Jobs}}) AND r.recipient_key != toFixedString('', 16)
        )
        """;

    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<CampaignList> ListAsync(uint account, CampaignCursor? before, int limit, CancellationToken cancellation)
    {
        var fresh = await freshness.OfAllAsync().ConfigureAwait(false);
        var having = before is null ? "" : " HAVING (-last_ms, campaign_id) > (-toInt64({last:Int64}), {before:String})";
        var rows = await clickHouse.RowsAsync(
            "SELECT campaign_id, count() AS jobs, min(toUnixTimestamp64Milli(created)) AS first_ms, max(toUnixTimestamp64Milli(created)) AS last_ms FROM jobs FINAL "
            + $"WHERE account = {{account:UInt32}} AND campaign_id != '' GROUP BY campaign_id{having} ORDER BY last_ms DESC, campaign_id LIMIT {limit + 1}",
            ReportJson.Default.CampaignRow,
            cancellation,
            ("account", JsonRows.Parameter(account)),
            ("last", before?.LastMs.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "0"),
            ("before", JsonRows.Parameter(before?.CampaignId ?? ""))).ConfigureAwait(false);
        var more = rows.Count > limit;
        if (more)
            rows.RemoveAt(limit);
        var figures = await FiguresAsync(account, rows.Select(row => row.CampaignId), cancellation).ConfigureAwait(false);
        return new CampaignList(
            rows.ConvertAll(row => new CampaignLine(row, figures.GetValueOrDefault(row.CampaignId) ?? new FigureTally())),
            more ? new CampaignCursor(rows[^1].LastMs, rows[^1].CampaignId).ToString() : null,
            fresh);
    }

    /// <summary>Null where no job of the account is of the campaign.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<CampaignReport?> FindAsync(uint account, string campaign, int limit, CancellationToken cancellation)
    {
        var fresh = await freshness.OfAllAsync().ConfigureAwait(false);
        (string, string)[] parameters = Parameters(account, [campaign]);
        var rows = await clickHouse.RowsAsync(
            $"SELECT {JobRow.Columns} FROM jobs FINAL WHERE account = {{account:UInt32}} AND hex(campaign_id) IN {{campaigns:Array(String)}} ORDER BY created DESC, job DESC",
            ReportJson.Default.JobRow,
            cancellation,
            parameters).ConfigureAwait(false);
        if (rows.Count == 0)
            return null;
        var listing = lines.OfAsync(account, rows.Take(limit).ToList(), cancellation);
        var adding = FiguresAsync(account, [campaign], cancellation);
        var counting = clickHouse.RowsAsync(PeopleSql, ReportJson.Default.CampaignPeople, cancellation, parameters);
        await Task.WhenAll(listing, adding, counting).ConfigureAwait(false);
        var people = (await counting.ConfigureAwait(false))[0];
        return new CampaignReport(
            campaign, fresh, (ulong)rows.Count, await listing.ConfigureAwait(false),
            new MailFigures((await adding.ConfigureAwait(false)).GetValueOrDefault(campaign) ?? new FigureTally()), people, CampaignReport.RatesOf(people));
    }

    private async Task<Dictionary<string, FigureTally>> FiguresAsync(uint account, IEnumerable<string> campaigns, CancellationToken cancellation)
    {
        var tallies = new Dictionary<string, FigureTally>(StringComparer.Ordinal);
        foreach (var row in await clickHouse.RowsAsync(FiguresSql, ReportJson.Default.CampaignFigureRow, cancellation, Parameters(account, campaigns)).ConfigureAwait(false))
        {
            if (!tallies.TryGetValue(row.CampaignId, out var tally))
                tallies.Add(row.CampaignId, tally = new FigureTally());
            tally.Add(row.Figures);
        }

        return tallies;
    }

    /// <summary>Campaigns go in as hex: a list of texts would need two kinds of escapes.</summary>
    private static (string, string)[] Parameters(uint account, IEnumerable<string> campaigns) =>
    [
        ("account", JsonRows.Parameter(account)),
        ("campaigns", new StringBuilder("[").AppendJoin(',', campaigns.Select(one => $"'{Convert.ToHexString(Encoding.UTF8.GetBytes(one))}'")).Append(']').ToString()),
    ];
}
