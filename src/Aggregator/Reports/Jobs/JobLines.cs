using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>Reads the lines of jobs from the views that analysts use. Thread-safe.</summary>
internal sealed class JobLines(ClickHouseClient clickHouse)
{
    private const string JobsSql =
        $"SELECT {JobRow.Columns} FROM jobs FINAL WHERE account = {{account:UInt32}} AND job IN {{jobs:Array(UInt64)}}";

    private const string SummarySql =
        "SELECT * EXCEPT (account, campaign_id, subject, created) FROM v_job_summary "
        + "WHERE account = {account:UInt32} AND job IN {jobs:Array(UInt64)}";

    /// <summary>The lines in the order of <paramref name="jobs"/>; those that the account does not have are left out.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<List<JobLine>> OfAsync(uint account, IReadOnlyCollection<ulong> jobs, CancellationToken cancellation)
    {
        if (jobs.Count == 0)
            return [];
        (string, string)[] parameters = [("account", JsonRows.Parameter(account)), ("jobs", JsonRows.Parameter(jobs))];
        return await LinesAsync(
            clickHouse.RowsAsync(JobsSql, ReportJson.Default.JobRow, cancellation, parameters), jobs, parameters, cancellation).ConfigureAwait(false);
    }

    /// <summary>The lines of jobs whose rows are known already, in their order.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<List<JobLine>> OfAsync(uint account, IReadOnlyList<JobRow> jobs, CancellationToken cancellation)
    {
        if (jobs.Count == 0)
            return [];
        var ids = jobs.Select(job => job.Job).ToList();
        (string, string)[] parameters = [("account", JsonRows.Parameter(account)), ("jobs", JsonRows.Parameter(ids))];
        return await LinesAsync(Task.FromResult(jobs.ToList()), ids, parameters, cancellation).ConfigureAwait(false);
    }

    private async Task<List<JobLine>> LinesAsync(
        Task<List<JobRow>> known, IEnumerable<ulong> jobs, (string, string)[] parameters, CancellationToken cancellation)
    {
        var counting = clickHouse.RowsAsync(SummarySql, ReportJson.Default.SummaryRow, cancellation, parameters);
        await Task.WhenAll(known, counting).ConfigureAwait(false);
        var rows = (await known.ConfigureAwait(false)).ToDictionary(row => row.Job);
        var counts = (await counting.ConfigureAwait(false)).ToDictionary(row => row.Job);
        var lines = new List<JobLine>();
        foreach (var job in jobs)
        {
            var (about, count) = (rows.GetValueOrDefault(job), counts.GetValueOrDefault(job));
            if (about is not null || count is not null)
                lines.Add(JobLine.Of(job, about, count ?? SummaryRow.Empty));
        }

        return lines;
    }
}
