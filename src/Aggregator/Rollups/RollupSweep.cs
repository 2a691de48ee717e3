using System.Globalization;
using Delivery.Aggregator.ClickHouse;
using Delivery.Contracts.Streams;

namespace Delivery.Aggregator.Rollups;

/// <summary>
/// Deletes counts that nobody reads: those that another followed, and those that were never finished. For the owner of a shard,
/// between its batches: then no count of the shard is half way.
/// </summary>
/// <remarks>A count that another followed never becomes the current one again, so a deletion may come late. Queries under way keep what they read.</remarks>
internal sealed class RollupSweep(ClickHouseClient clickHouse, RedisOptions streams)
{
    private const int CountsPerStatement = 1_000;

    /// <summary>Returns how many counts of jobs are being deleted; ClickHouse does it in the background.</summary>
    public async Task<int> SweepAsync(ShardFence fence, CancellationToken cancellation)
    {
        var swept = 0;
        foreach (var rollup in Rollup.All)
        {
            var answer = await clickHouse.QueryAsync(
                $"""
                SELECT DISTINCT r.account, r.job, r.generation, ifNull(g.current, 0) FROM {rollup.Storage} AS r
                LEFT ANY JOIN (SELECT account, job, max(generation) AS current FROM rollup_generations GROUP BY account, job) AS g
                    ON g.account = r.account AND g.job = r.job
                WHERE r.generation != ifNull(g.current, 0) FORMAT TSV
                """,
                cancellation).ConfigureAwait(false);
            foreach (var chunk in Ours(answer, fence).Chunk(CountsPerStatement))
            {
                await clickHouse.ExecuteAsync($"ALTER TABLE {rollup.Storage} DELETE WHERE (account, job, generation) IN ({string.Join(',', chunk)})", cancellation).ConfigureAwait(false);
                swept += chunk.Length;
            }
        }

        return swept;
    }

    private List<string> Ours(byte[] answer, ShardFence fence)
    {
        var counts = new List<string>();
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
        {
            var (account, job, generation, current) = (rows.UInt64(), rows.UInt64(), rows.UInt64(), rows.UInt64());
            if (StreamNames.ShardOf(job, streams.Shards) == fence.Shard && (generation < current || fence.IsPast(generation)))
                counts.Add(string.Create(CultureInfo.InvariantCulture, $"({account},{job},{generation})"));
        }

        return counts;
    }
}
