using System.Globalization;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Rollups;
using Delivery.Contracts.Streams;

namespace Delivery.Aggregator.Audit;

/// <summary>
/// Compares roll-ups with events while both grow. What differs only because an insert came between the two reads agrees a moment later:
/// a job differs where it did at every look. What differs because its classes were revised is waited for, as its owner counts it again soon.
/// </summary>
internal sealed class RollupAudit(ClickHouseClient clickHouse, RollupRebuild rebuild, RedisOptions streams, TimeProvider time)
{
    private const int Looks = 6;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan BetweenRecounts = TimeSpan.FromMilliseconds(500);

    /// <summary>After that a job that waits to be counted again differs like any other: nobody counts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<List<RollupDifference>> CompareAsync(IReadOnlyCollection<ulong> jobs, CancellationToken cancellation)
    {
        var found = new List<RollupDifference>();
        foreach (var rollup in Rollup.All)
        {
            var differing = await LookAsync(rollup, jobs, cancellation).ConfigureAwait(false);
            for (var look = 1; look < Looks && differing.Count > 0; look++)
            {
                await Task.Delay(BetweenLooks * look, time, cancellation).ConfigureAwait(false);
                differing = await LookAsync(rollup, [.. differing.Select(JobOf)], cancellation).ConfigureAwait(false);
            }

            found.AddRange(await WithoutRecountsAsync(rollup, differing, cancellation).ConfigureAwait(false));
        }

        return found;
    }

    /// <summary>Looks again at what waits to be counted again, until it agrees or does not wait any more and still differs.</summary>
    private async Task<List<RollupDifference>> WithoutRecountsAsync(Rollup rollup, List<RollupDifference> differing, CancellationToken cancellation)
    {
        var real = new List<RollupDifference>();
        var before = await RecountsAsync(differing, cancellation).ConfigureAwait(false);
        for (var began = time.GetTimestamp(); differing.Count > 0 && time.GetElapsedTime(began) < Patience;)
        {
            differing = await LookAsync(rollup, [.. differing.Select(JobOf)], cancellation).ConfigureAwait(false);
            var after = await RecountsAsync(differing, cancellation).ConfigureAwait(false);
            before.UnionWith(after);
            real.AddRange(differing.Where(one => !before.Contains(JobOf(one))));
            differing.RemoveAll(one => !before.Contains(JobOf(one)));
            before = after;
            if (differing.Count > 0)
                await Task.Delay(BetweenRecounts, time, cancellation).ConfigureAwait(false);
        }

        return [.. real, .. differing];
    }

    /// <summary>Jobs of these shards with revisions that no roll-up shows yet.</summary>
    private async Task<HashSet<ulong>> RecountsAsync(List<RollupDifference> differing, CancellationToken cancellation)
    {
        var waiting = new HashSet<ulong>();
        foreach (var shard in differing.Select(one => StreamNames.ShardOf(JobOf(one), streams.Shards)).Distinct())
            waiting.UnionWith(await rebuild.FindDueAsync(shard, cancellation).ConfigureAwait(false));
        return waiting;
    }

    public static ulong JobOf(RollupDifference difference) => ulong.Parse(difference.Job, CultureInfo.InvariantCulture);

    private async Task<List<RollupDifference>> LookAsync(Rollup rollup, IReadOnlyCollection<ulong> jobs, CancellationToken cancellation)
    {
        var found = new List<RollupDifference>();
        var answer = await clickHouse.QueryAsync(rollup.DifferencesSql, cancellation, ("jobs", JobList.Text(jobs))).ConfigureAwait(false);
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
        {
            var (account, job) = (rows.UInt64(), rows.UInt64());
            found.Add(new RollupDifference(rollup.Table, (uint)account, job.ToString(CultureInfo.InvariantCulture), rows.UInt64(), rows.UInt64(), rows.UInt64()));
        }

        return found;
    }
}
