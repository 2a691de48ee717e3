using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>Reads an account's jobs, newest first. Thread-safe.</summary>
internal sealed class JobListQuery(ClickHouseClient clickHouse, JobLines lines, Freshness freshness)
{
    /// <param name="zone">In which days of <paramref name="filter"/> begin.</param>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<JobList> ReadAsync(uint account, JobFilter filter, string zone, int limit, CancellationToken cancellation)
    {
        var fresh = await freshness.OfAllAsync().ConfigureAwait(false);
        var rows = await clickHouse.RowsAsync(
            $"SELECT {JobRow.Columns} FROM jobs FINAL WHERE account = {{account:UInt32}}{filter.Sql} ORDER BY created DESC, job DESC LIMIT {limit + 1}",
            ReportJson.Default.JobRow,
            cancellation,
            ("account", JsonRows.Parameter(account)),
            ("zone", zone),
            ("campaign", JsonRows.Parameter(filter.CampaignId ?? ""))).ConfigureAwait(false);
        var more = rows.Count > limit;
        if (more)
            rows.RemoveAt(limit);
        var page = await lines.OfAsync(account, rows, cancellation).ConfigureAwait(false);
        return new JobList(page, more ? new JobCursor(rows[^1].CreatedMs, rows[^1].Job).ToString() : null, fresh);
    }
}
