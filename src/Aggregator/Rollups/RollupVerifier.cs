using System.Globalization;
using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Rollups;

/// <summary>
/// Compares roll-ups with the events they are counted from, and rebuilds what differs. Rebuilding a job is for the one that
/// writes its events (the owner of its shard), or while nobody does; until it ends, readers see less than there is. Jobs of which events have gone
/// by retention are left as they are: their roll-ups hold more than can be counted again.
/// </summary>
internal sealed class RollupVerifier(ClickHouseClient clickHouse)
{
    private const int JobsPerStatement = 500;

    /// <summary>Jobs among <paramref name="jobs"/> that differ in at least one roll-up.</summary>
    public async Task<IReadOnlyCollection<ulong>> FindDifferingAsync(IEnumerable<ulong> jobs, CancellationToken cancellation)
    {
        var differing = new HashSet<ulong>();
        foreach (var chunk in jobs.Chunk(JobsPerStatement))
        {
            foreach (var rollup in Rollup.All)
                differing.UnionWith(await FindDifferingAsync(rollup, chunk, cancellation).ConfigureAwait(false));
        }

        return differing;
    }

    /// <summary>Compares, rebuilds what differs, and returns how many pairs of roll-up and job were rebuilt. Safe to repeat after a crash half way.</summary>
    public async Task<int> MendAsync(IEnumerable<ulong> jobs, CancellationToken cancellation)
    {
        var mended = 0;
        foreach (var chunk in jobs.Chunk(JobsPerStatement))
        {
            foreach (var rollup in Rollup.All)
            {
                var differing = await FindDifferingAsync(rollup, chunk, cancellation).ConfigureAwait(false);
                if (differing.Count == 0)
                    continue;
                await RebuildAsync(rollup, differing, cancellation).ConfigureAwait(false);
                mended += differing.Count;
            }
        }

        return mended;
    }

    private async Task RebuildAsync(Rollup rollup, IReadOnlyCollection<ulong> jobs, CancellationToken cancellation)
    {
        await clickHouse.ExecuteAsync(rollup.DeleteJobsSql, cancellation, [Ids(jobs)]).ConfigureAwait(false);
        await clickHouse.ExecuteAsync(rollup.RefillJobsSql, cancellation, [Ids(jobs)]).ConfigureAwait(false);
    }

    private async Task<IReadOnlyCollection<ulong>> FindDifferingAsync(Rollup rollup, ulong[] jobs, CancellationToken cancellation)
    {
        var answer = await clickHouse.QueryAsync(rollup.DifferingJobsSql, cancellation, Ids(jobs)).ConfigureAwait(false);
        var differing = new List<ulong>();
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
            differing.Add(rows.UInt64());
        return differing;
    }

    private static (string, string) Ids(IEnumerable<ulong> jobs) =>
        ("jobs", "[" + string.Join(',', jobs.Select(job => job.ToString(CultureInfo.InvariantCulture))) + "]");
}
