using System.Globalization;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Rollups;

namespace Delivery.Aggregator.Audit;

/// <summary>Walks the jobs that an audit is about, in groups that one comparison can hold.</summary>
internal sealed class JobCursor(ClickHouseClient clickHouse, AuditRequest request)
{
    private const int JobsPerPage = 5_000;
    private const int JobsPerGroup = 500;
    private const ulong EventsPerGroup = 5_000_000;
    private static readonly string Sources = string.Concat(
        Rollup.All.Select(rollup => $" UNION ALL SELECT account, job, toUInt64(0) AS n FROM {rollup.Storage} WHERE {{WHERE}} GROUP BY account, job"));

    /// <summary>Jobs with events, or with roll-ups alone.</summary>
    public async Task<long> CountAsync(CancellationToken cancellation)
    {
        var answer = await clickHouse.QueryAsync($"SELECT uniqExact(account, job) FROM ({Sql("1")}) FORMAT TSV", cancellation).ConfigureAwait(false);
        return (long)new TabSeparated(answer).UInt64();
    }

    public async IAsyncEnumerable<IReadOnlyList<ulong>> GroupsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var (account, job) = (0UL, 0UL);
        var (group, events) = (new List<ulong>(), 0UL);
        for (var read = JobsPerPage; read == JobsPerPage;)
        {
            read = 0;
            var after = string.Create(CultureInfo.InvariantCulture, $"(account, job) > ({account}, {job})");
            var answer = await clickHouse.QueryAsync(
                $"SELECT account, job, sum(n) FROM ({Sql(after)}) GROUP BY account, job ORDER BY account, job LIMIT {JobsPerPage} FORMAT TSV", cancellation).ConfigureAwait(false);
            var jobs = new List<(ulong Account, ulong Job, ulong Events)>();
            for (var rows = new TabSeparated(answer); !rows.AtEnd; read++)
                jobs.Add((rows.UInt64(), rows.UInt64(), rows.UInt64()));
            foreach (var next in jobs)
            {
                if (group.Count > 0 && (group.Count == JobsPerGroup || events + next.Events > EventsPerGroup))
                {
                    yield return group;
                    (group, events) = ([], 0);
                }

                group.Add(next.Job);
                events += next.Events;
                (account, job) = (next.Account, next.Job);
            }
        }

        if (group.Count > 0)
            yield return group;
    }

    private string Sql(string after)
    {
        var where = new List<string> { after };
        if (request.Account is { } account)
            where.Add(string.Create(CultureInfo.InvariantCulture, $"account = {account}"));
        if (request.Job is { } job)
            where.Add(string.Create(CultureInfo.InvariantCulture, $"job = {job}"));
        var day = request.Since?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string With(string column) => string.Join(" AND ", day is null ? where : [.. where, $"{column} >= toDateTime('{day} 00:00:00', 'UTC')"]);
        return $"SELECT account, job, count() AS n FROM events WHERE {With("time")} GROUP BY account, job{Sources.Replace("{WHERE}", With("bucket"), StringComparison.Ordinal)}";
    }
}
