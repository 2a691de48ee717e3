using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Reports.Figures;

namespace Delivery.Aggregator.Reports.Groups;

/// <summary>
/// Counts a job by groups of its recipients: the bitmaps of the groups, which the projection <c>by_audience</c> keeps, meet those of the
/// roll-up. No event is read. Thread-safe.
/// </summary>
internal sealed class GroupQuery(RollupQuery rollups, Freshness freshness)
{
    /// <summary>Null where the account has no such job.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<(DateTimeOffset? Fresh, List<GroupRow> Rows)?> ReadAsync(uint account, ulong job, AudienceGrouping by, int limit, CancellationToken cancellation)
    {
        var fresh = await freshness.OfAsync(job).ConfigureAwait(false);
        var rows = await rollups.RowsAsync(Sql(by, limit), ReportJson.Default.GroupRow, account, job, cancellation).ConfigureAwait(false);
        return rows.Count > 0 || await rollups.HasAsync(account, job, cancellation).ConfigureAwait(false) ? (fresh, rows) : null;
    }

    private static string Sql(AudienceGrouping by, int limit) =>
        $$"""
        SELECT name, accepted, delivered, bounced, dropped, expired, opened, clicked, count() OVER () AS groups,
            sum(accepted) OVER () AS all_accepted, sum(delivered) OVER () AS all_delivered, sum(bounced) OVER () AS all_bounced,
            sum(dropped) OVER () AS all_dropped, sum(expired) OVER () AS all_expired, sum(opened) OVER () AS all_opened, sum(clicked) OVER () AS all_clicked
        FROM
        (
            SELECT g.name AS name, bitmapAndCardinality(g.who, e.accepted) AS accepted, bitmapAndCardinality(g.who, e.delivered) AS delivered,
                bitmapAndCardinality(g.who, e.bounced) AS bounced, bitmapAndCardinality(g.who, e.dropped) AS dropped,
                bitmapAndCardinality(g.who, e.expired) AS expired, bitmapAndCardinality(g.who, e.opened) AS opened, bitmapAndCardinality(g.who, e.clicked) AS clicked
            FROM
            (
                SELECT {{by.Name}} AS name, groupBitmapMergeState(recipients) AS who FROM
                (
                    SELECT {{by.Column}} AS value, groupBitmapState(recipient) AS recipients FROM recipients
                    WHERE account = {account:UInt32} AND job = {job:UInt64} GROUP BY {{by.Column}}
                )
                GROUP BY name
            ) AS g
            CROSS JOIN
            (
                SELECT groupBitmapMergeStateIf(people, kind = 'accepted') AS accepted, groupBitmapMergeStateIf(people, kind = 'delivered') AS delivered,
                    groupBitmapMergeStateIf(people, kind = 'bounced') AS bounced, groupBitmapMergeStateIf(people, kind = 'dropped') AS dropped,
                    groupBitmapMergeStateIf(people, kind = 'expired') AS expired,
                    groupBitmapMergeStateIf(people, kind = 'opened' AND class = 'human') AS opened,
                    groupBitmapMergeStateIf(people, kind = 'clicked' AND class = 'human') AS clicked
                FROM events_by_job_rows
                WHERE kind IN ('accepted', 'delivered', 'bounced', 'dropped', 'expired', 'opened', 'clicked') AND {{RollupQuery.OfJob}}
            ) AS e
        )
        ORDER BY accepted DESC, name LIMIT {{limit}}
        """;
}
