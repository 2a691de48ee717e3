using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Reports.Figures;

namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>Reads a job's figures and its click breakdown: what <c>v_click_breakdown</c> has. Thread-safe.</summary>
internal sealed class JobReportQuery(RollupQuery rollups, JobLines jobs, Freshness freshness)
{
    private const string LinksSql = "SELECT position, link, part, url, text FROM links FINAL WHERE account = {account:UInt32} AND job = {job:UInt64}";

    private const string ClicksSql =
        $"""
        SELECT position, max(r.link) AS link,
            sumIf(r.clicks, class = 'human') AS clicks, groupBitmapMergeIf(people, class = 'human') AS unique_clicks,
            sumIf(r.clicks, class != 'human') AS machine_clicks, groupBitmapMergeIf(people, class != 'human') AS unique_machine_clicks
        FROM clicks_by_link_rows AS r
        WHERE position != 65535 AND {RollupQuery.OfJob}
        GROUP BY position
        """;

    /// <summary>Null where the account has no such job.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<JobReport?> FindAsync(uint account, ulong job, CancellationToken cancellation)
    {
        var fresh = await freshness.OfAsync(job).ConfigureAwait(false);
        var reading = LinksAsync(account, job, cancellation);
        var lines = jobs.OfAsync(account, [job], cancellation);
        await Task.WhenAll(reading, lines).ConfigureAwait(false);
        return await lines.ConfigureAwait(false) is [var line] ? new JobReport(line, fresh, await reading.ConfigureAwait(false)) : null;
    }

    /// <summary>The click breakdown alone; null where the account has no such job.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<(DateTimeOffset? Fresh, List<LinkReport> Links)?> FindLinksAsync(uint account, ulong job, CancellationToken cancellation)
    {
        var fresh = await freshness.OfAsync(job).ConfigureAwait(false);
        var links = await LinksAsync(account, job, cancellation).ConfigureAwait(false);
        var clicked = links.Exists(link => link.Clicks + link.MachineClicks > 0);
        return clicked || await rollups.HasAsync(account, job, cancellation).ConfigureAwait(false) ? (fresh, links) : null;
    }

    /// <summary>The click breakdown, by position. Two statements, put together here: each is quickly planned, and they run at the same time.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<List<LinkReport>> LinksAsync(uint account, ulong job, CancellationToken cancellation)
    {
        var reading = rollups.RowsAsync(LinksSql, ReportJson.Default.LinkRow, account, job, cancellation);
        var counting = rollups.RowsAsync(ClicksSql, ReportJson.Default.LinkClicks, account, job, cancellation);
        await Task.WhenAll(reading, counting).ConfigureAwait(false);
        return LinkReport.Of(await reading.ConfigureAwait(false), await counting.ConfigureAwait(false));
    }
}
