using System.Globalization;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Rollups;

namespace Delivery.Aggregator.Audit;

/// <summary>
/// Compares roll-ups with events while both grow. What differs only because an insert came between the two reads agrees a moment later:
/// a job differs where it did at every look.
/// </summary>
internal sealed class RollupAudit(ClickHouseClient clickHouse, TimeProvider time)
{
    private const int Looks = 6;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(150);

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

            found.AddRange(differing);
        }

        return found;
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
