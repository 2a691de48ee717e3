using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Rollups;

/// <summary>Compares roll-ups with the events they are counted from, and has those rebuilt that differ.</summary>
internal sealed class RollupVerifier(ClickHouseClient clickHouse, RollupRebuild rebuild)
{
    private const int JobsPerStatement = 500;

    /// <summary>Jobs among <paramref name="jobs"/> that differ in at least one roll-up.</summary>
    public async Task<IReadOnlyCollection<ulong>> FindDifferingAsync(IEnumerable<ulong> jobs, CancellationToken cancellation)
    {
        var differing = new HashSet<ulong>();
        foreach (var chunk in jobs.Chunk(JobsPerStatement))
        {
            foreach (var rollup in Rollup.All)
                differing.UnionWith(JobList.Read(await clickHouse.QueryAsync(rollup.DifferingJobsSql, cancellation, ("jobs", JobList.Text(chunk))).ConfigureAwait(false)));
        }

        return differing;
    }

    /// <summary>Compares, rebuilds the jobs that differ, looks again, and returns how many those were. Safe to repeat after a crash half way.</summary>
    /// <exception cref="ClickHouseException">Failed, or some differ still.</exception>
    /// <param name="fence">Of the jobs' shard: its owner alone may rebuild, between its batches.</param>
    public async Task<int> MendAsync(IEnumerable<ulong> jobs, ShardFence fence, CancellationToken cancellation)
    {
        var differing = await FindDifferingAsync(jobs, cancellation).ConfigureAwait(false);
        if (differing.Count == 0)
            return 0;
        await rebuild.RebuildAsync(differing, fence, cancellation).ConfigureAwait(false);
        if (await FindDifferingAsync(differing, cancellation).ConfigureAwait(false) is { Count: > 0 } still)
            throw new ClickHouseException(0, $"The roll-ups of {still.Count} jobs differ from their events after they were counted again.");
        return differing.Count;
    }
}
