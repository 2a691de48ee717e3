using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>Reads a job's figures from the views that analysts use. Thread-safe.</summary>
internal sealed class JobReportQuery(ClickHouseClient clickHouse, JobLines jobs, Freshness freshness)
{
    private const string LinksSql =
        "SELECT * EXCEPT (account, job, campaign_id, subject) FROM v_click_breakdown "
        + "WHERE account = {account:UInt32} AND job = {job:UInt64} ORDER BY position";

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

    /// <summary>The click breakdown, by position.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public Task<List<LinkReport>> LinksAsync(uint account, ulong job, CancellationToken cancellation) => clickHouse.RowsAsync(
        LinksSql, ReportJson.Default.LinkReport, cancellation, ("account", JsonRows.Parameter(account)), ("job", JsonRows.Parameter(job)));
}
