using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Reports.Figures;

namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>Reads the lines of jobs: what <c>v_job_summary</c> has. Thread-safe.</summary>
internal sealed class JobLines(ClickHouseClient clickHouse, RollupQuery rollups)
{
    private const string JobsSql =
        $"SELECT {JobRow.Columns} FROM jobs FINAL WHERE account = {{account:UInt32}} AND job IN {{jobs:Array(UInt64)}}";

    private const string FiguresSql =
        $"SELECT job AS slot, kind, {RollupQuery.Human}, {RollupQuery.Counts} FROM events_by_job_rows WHERE {RollupQuery.OfJobs} GROUP BY slot, kind, human";

    /// <summary>The lines in the order of <paramref name="jobs"/>; those that the account does not have are left out.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<List<JobLine>> OfAsync(uint account, IReadOnlyCollection<ulong> jobs, CancellationToken cancellation)
    {
        if (jobs.Count == 0)
            return [];
        var known = clickHouse.RowsAsync(
            JobsSql, ReportJson.Default.JobRow, cancellation, ("account", JsonRows.Parameter(account)), ("jobs", JsonRows.Parameter(jobs)));
        return await LinesAsync(account, known, jobs, cancellation).ConfigureAwait(false);
    }

    /// <summary>The lines of jobs whose rows are known already, in their order.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<List<JobLine>> OfAsync(uint account, IReadOnlyList<JobRow> jobs, CancellationToken cancellation) => jobs.Count == 0
        ? []
        : await LinesAsync(account, Task.FromResult(jobs.ToList()), [.. jobs.Select(job => job.Job)], cancellation).ConfigureAwait(false);

    private async Task<List<JobLine>> LinesAsync(uint account, Task<List<JobRow>> known, IReadOnlyCollection<ulong> jobs, CancellationToken cancellation)
    {
        var counting = rollups.RowsAsync(FiguresSql, ReportJson.Default.FigureRow, account, jobs, cancellation);
        await Task.WhenAll(known, counting).ConfigureAwait(false);
        var rows = (await known.ConfigureAwait(false)).ToDictionary(row => row.Job);
        var figures = new Dictionary<ulong, FigureTally>();
        foreach (var row in await counting.ConfigureAwait(false))
        {
            if (!figures.TryGetValue(row.Slot, out var tally))
                figures.Add(row.Slot, tally = new FigureTally());
            tally.Add(row);
        }

        var lines = new List<JobLine>();
        foreach (var job in jobs)
        {
            var (about, tally) = (rows.GetValueOrDefault(job), figures.GetValueOrDefault(job));
            if (about is not null || tally is not null)
                lines.Add(new JobLine(job, about, tally ?? new FigureTally()));
        }

        return lines;
    }
}
