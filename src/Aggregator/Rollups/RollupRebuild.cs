using System.Globalization;
using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Rollups;

/// <summary>
/// Counts the roll-ups of jobs again from the events and their effective classes. Readers see the old count or the new one, never
/// less. For the owner of the jobs' shard, between its batches.
/// </summary>
/// <remarks>
/// The new count is written under a generation that nobody reads, then one row makes it the current one; what is inserted after that
/// is of the new generation too. A crash before the switch leaves rows that stay unread until they are swept. Only a job of whose count
/// there are rows is switched: one that was swept, lost or never written can not become the current one.
/// </remarks>
internal sealed class RollupRebuild(ClickHouseClient clickHouse, TimeProvider time)
{
    private const int JobsPerStatement = 500;
    private static readonly TimeSpan LongestAnalysis = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private static readonly string SwitchSql = $$"""
        INSERT INTO rollup_generations (account, job, generation)
        SELECT account, job, {generation:UInt64} FROM
        (
            SELECT account, job FROM events WHERE job IN {jobs:Array(UInt64)}
            {{string.Concat(Rollup.All.Select(rollup => $"UNION DISTINCT SELECT account, job FROM {rollup.Storage} WHERE job IN {{jobs:Array(UInt64)}} "))}}
        )
        WHERE ((account, job) IN (SELECT account, job FROM {{Counted.Storage}} WHERE generation = {generation:UInt64} AND job IN {jobs:Array(UInt64)})
            OR (account, job) NOT IN (SELECT account, job FROM events WHERE job IN {jobs:Array(UInt64)})) AND 
        """;

    /// <summary>The roll-up that has a row of every job with an event.</summary>
    private static Rollup Counted => Rollup.All.First(rollup => rollup.Table == "events_by_job");

    /// <summary>
    /// Rebuilds every roll-up of the jobs, but for those of which events have gone by retention: what they hold cannot be counted again. Safe to repeat after a crash or a failure half way.
    /// </summary>
    /// <exception cref="ClickHouseException">Failed, or another owner has the shard: of some jobs the old count may still stand.</exception>
    public async Task RebuildAsync(IReadOnlyCollection<ulong> jobs, ShardFence fence, CancellationToken cancellation)
    {
        foreach (var whole in jobs.Chunk(JobsPerStatement))
        {
            var chunk = await WithoutThinnedAsync(whole, cancellation).ConfigureAwait(false);
            if (chunk.Length == 0)
                continue;
            var generation = fence.NextGeneration().ToString(CultureInfo.InvariantCulture);
            var mark = fence.Mark($"rebuild:{generation}");
            (string, string)[] parameters = [("jobs", JobList.Text(chunk)), ("generation", generation)];
            foreach (var rollup in Rollup.All)
                await clickHouse.InsertSelectAsync(rollup.RecountSql + fence.Condition, mark, cancellation, parameters).ConfigureAwait(false);
            await PassReadersAsync(cancellation).ConfigureAwait(false);
            await clickHouse.InsertSelectAsync(SwitchSql + fence.Condition, mark, cancellation, parameters).ConfigureAwait(false);
        }
    }

    /// <summary>Jobs of the shard that have classes in hindsight which their roll-ups do not count yet: a crash came between the two.</summary>
    public async Task<IReadOnlyCollection<ulong>> FindDueAsync(int shard, CancellationToken cancellation)
    {
        var answer = await clickHouse.QueryAsync(
            """
            SELECT c.job FROM
            (
                SELECT account, job, max(version) AS version FROM reclassifications WHERE shard = {shard:UInt16} GROUP BY account, job
            ) AS c
            LEFT ANY JOIN (SELECT account, job, max(generation) AS current FROM rollup_generations GROUP BY account, job) AS g
                ON g.account = c.account AND g.job = c.job
            WHERE c.version > ifNull(g.current, 0) AND c.job NOT IN (SELECT job FROM thinned_jobs) FORMAT TSV
            """,
            cancellation,
            ("shard", shard.ToString(CultureInfo.InvariantCulture))).ConfigureAwait(false);
        return JobList.Read(answer);
    }

    private async Task<ulong[]> WithoutThinnedAsync(ulong[] jobs, CancellationToken cancellation)
    {
        var thinned = JobList.Read(await clickHouse.QueryAsync(
            "SELECT DISTINCT job FROM thinned_jobs WHERE job IN {jobs:Array(UInt64)} FORMAT TSV", cancellation, ("jobs", JobList.Text(jobs))).ConfigureAwait(false));
        return thinned.Count == 0 ? jobs : [.. jobs.Except(thinned)];
    }

    /// <summary>
    /// A query fixes which rows it reads while it is analysed, the roll-ups a moment before the generations. One that began before the
    /// recount ended must not meet the switch, so it is waited for, as long as an analysis can take.
    /// </summary>
    private async Task PassReadersAsync(CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < LongestAnalysis;)
        {
            var seconds = time.GetElapsedTime(began).TotalSeconds.ToString("F6", CultureInfo.InvariantCulture);
            var answer = await clickHouse.QueryAsync(
                "SELECT count() FROM system.processes WHERE query_kind = 'Select' AND elapsed >= {seconds:Float64} AND elapsed < {longest:Float64} FORMAT TSV",
                cancellation,
                ("seconds", seconds),
                ("longest", LongestAnalysis.TotalSeconds.ToString(CultureInfo.InvariantCulture))).ConfigureAwait(false);
            if (new TabSeparated(answer).UInt64() == 0)
                return;
            await Task.Delay(Poll, time, cancellation).ConfigureAwait(false);
        }
    }
}
