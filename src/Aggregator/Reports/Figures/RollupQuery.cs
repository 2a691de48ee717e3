using System.Text.Json.Serialization.Metadata;
using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Reports.Figures;

/// <summary>
/// Reads the roll-ups of named jobs from the tables behind their views: what the views give, without their join. Statements name the
/// parameters <c>account</c> and <c>job</c> or <c>jobs</c>. Thread-safe.
/// </summary>
internal sealed class RollupQuery(ClickHouseClient clickHouse)
{
    /// <summary>The rows of a job that readers see: its current generation, 0 where it has none. The quickest to plan.</summary>
    public const string OfJob =
        """
        account = {account:UInt32} AND job = {job:UInt64}
            AND generation = ifNull((SELECT max(generation) FROM rollup_generations WHERE account = {account:UInt32} AND job = {job:UInt64}), 0)
        """;

    /// <summary>The same of several jobs.</summary>
    public const string OfJobs =
        """
        account = {account:UInt32} AND job IN {jobs:Array(UInt64)} AND (job, generation) IN
        (
            SELECT job, max(generation) FROM
            (
                SELECT job, generation FROM rollup_generations WHERE account = {account:UInt32} AND job IN {jobs:Array(UInt64)}
                UNION ALL
                SELECT arrayJoin({jobs:Array(UInt64)}), toUInt64(0)
            )
            GROUP BY job
        )
        """;

    /// <summary>The same of jobs that a query gives in its column <c>job</c>.</summary>
    public static string Of(string jobs) =>
        $$"""
        account = {account:UInt32} AND job IN ({{jobs}}) AND (job, generation) IN
        (
            SELECT job, max(generation) FROM
            (
                SELECT job, generation FROM rollup_generations WHERE account = {account:UInt32} AND job IN ({{jobs}})
                UNION ALL
                SELECT job, toUInt64(0) FROM ({{jobs}})
            )
            GROUP BY job
        )
        """;

    /// <summary>False where a machine opened or clicked; people are whoever else.</summary>
    public const string Human = "toUInt8(kind NOT IN ('opened', 'clicked') OR class = 'human') AS human";

    /// <summary>Events and people of a group of rows of <c>events_by_job</c>.</summary>
    public const string Counts = "sum(events) AS events, groupBitmapMerge(people) AS people";

    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public Task<List<T>> RowsAsync<T>(
        string sql, JsonTypeInfo<T> type, uint account, ulong job, CancellationToken cancellation, params (string, string)[] parameters) =>
        clickHouse.RowsAsync(sql, type, cancellation, [("account", JsonRows.Parameter(account)), ("job", JsonRows.Parameter(job)), .. parameters]);

    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public Task<List<T>> RowsAsync<T>(
        string sql, JsonTypeInfo<T> type, uint account, IReadOnlyCollection<ulong> jobs, CancellationToken cancellation) =>
        clickHouse.RowsAsync(sql, type, cancellation, ("account", JsonRows.Parameter(account)), ("jobs", JsonRows.Parameter(jobs)));

    /// <summary>Whether the account has the job: its row, or an event.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<bool> HasAsync(uint account, ulong job, CancellationToken cancellation)
    {
        var answer = await clickHouse.QueryAsync(
            """
            SELECT count() FROM
            (
                (SELECT 1 FROM jobs WHERE account = {account:UInt32} AND job = {job:UInt64} LIMIT 1)
                UNION ALL
                (SELECT 1 FROM events_by_job_rows WHERE account = {account:UInt32} AND job = {job:UInt64} LIMIT 1)
            )
            FORMAT TSV
            """,
            cancellation,
            ("account", JsonRows.Parameter(account)),
            ("job", JsonRows.Parameter(job))).ConfigureAwait(false);
        return new TabSeparated(answer).UInt64() > 0;
    }
}
