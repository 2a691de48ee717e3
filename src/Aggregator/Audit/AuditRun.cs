using Delivery.Aggregator.ClickHouse;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Aggregator.Audit;

/// <summary>One audit from the first look to the report.</summary>
internal sealed class AuditRun(
    AuditRequest request, IDatabaseAsync redis, RedisOptions streams, AggregatorOptions options, ClickHouseClient clickHouse, RollupAudit rollups, RollupRepair repair, AuditProgress progress)
{
    private const string Schema = "SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'numbers_aside' FORMAT TSV";

    /// <exception cref="InvalidOperationException">The database has not the tables of this version.</exception>
    /// <exception cref="ClickHouseException">ClickHouse is away or refused.</exception>
    public async Task<AuditReport> RunAsync(CancellationToken cancellation)
    {
        if (new TabSeparated(await clickHouse.QueryWithoutDatabaseAsync(Schema.Replace("currentDatabase()", $"'{clickHouse.Database}'", StringComparison.Ordinal), cancellation).ConfigureAwait(false)).UInt64() == 0)
            throw new InvalidOperationException($"Database '{clickHouse.Database}' has not the tables of this version: start its aggregator once.");
        var report = new AuditReport { NumbersCompared = request.HasNumbers };
        if (request.HasNumbers)
            await CompareNumbersAsync(report, cancellation).ConfigureAwait(false);
        var differences = await CompareRollupsAsync(report, cancellation).ConfigureAwait(false);
        if ((request.Repair || request.Rebuild) && differences.Count > 0)
            differences = await RepairAsync(report, differences, cancellation).ConfigureAwait(false);
        report.DifferingJobs = differences.Select(difference => difference.Job).Distinct().Count();
        report.Differences.AddRange(differences.Take(AuditReport.MostNamed));
        return report;
    }

    private async Task CompareNumbersAsync(AuditReport report, CancellationToken cancellation)
    {
        for (var shard = 0; shard < streams.Shards; shard++)
        {
            progress.Step("Comparing numbers", shard, streams.Shards);
            var waiting = await WaitingNumbers.ReadAsync(redis, new StreamNames(streams, shard), options.RedisTimeout).ConfigureAwait(false);
            await new NumberAudit(clickHouse, shard, waiting, report).RunAsync(request.Since, cancellation).ConfigureAwait(false);
        }

        report.Gaps.Sort((one, other) => (one.Shard, one.Producer, one.First).CompareTo((other.Shard, other.Producer, other.First)));
        progress.Step("Comparing numbers", streams.Shards, streams.Shards);
    }

    private async Task<List<RollupDifference>> CompareRollupsAsync(AuditReport report, CancellationToken cancellation)
    {
        var cursor = new JobCursor(clickHouse, request);
        var total = await cursor.CountAsync(cancellation).ConfigureAwait(false);
        var differences = new List<RollupDifference>();
        await foreach (var group in cursor.GroupsAsync(cancellation).ConfigureAwait(false))
        {
            progress.Step("Comparing roll-ups", report.Jobs, total);
            if (request.Rebuild)
            {
                await repair.RunAsync(group, always: true, _ => { }, cancellation).ConfigureAwait(false);
                report.RebuiltJobs += group.Count;
            }

            differences.AddRange(await rollups.CompareAsync(group, cancellation).ConfigureAwait(false));
            report.Jobs += group.Count;
        }

        progress.Step("Comparing roll-ups", report.Jobs, total);
        return differences;
    }

    private async Task<List<RollupDifference>> RepairAsync(AuditReport report, List<RollupDifference> differences, CancellationToken cancellation)
    {
        ulong[] jobs = [.. differences.Select(RollupAudit.JobOf).Distinct()];
        progress.Step("Counting again", 0, jobs.Length);
        await repair.RunAsync(jobs, always: false, done => progress.Step("Counting again", done, jobs.Length), cancellation).ConfigureAwait(false);
        var left = new List<RollupDifference>();
        foreach (var chunk in jobs.Chunk(100))
            left.AddRange(await rollups.CompareAsync(chunk, cancellation).ConfigureAwait(false));
        report.RepairedJobs = jobs.Length - left.Select(difference => difference.Job).Distinct().Count();
        return left;
    }
}
