namespace Delivery.Aggregator.Rollups;

/// <summary>
/// What is filled by a materialized view over <c>events</c>, and can be counted again from them: the view
/// <see cref="RawView"/> has the same columns in the same order.
/// </summary>
/// <param name="Keys">Columns that tell one row from another.</param>
/// <param name="Total">The summed column; the people are in the column <c>people</c>.</param>
internal sealed record Rollup(string Table, string RawView, string Keys, string Total)
{
    public static IReadOnlyList<Rollup> All { get; } =
    [
        new("clicks_by_link", "clicks_by_link_raw", "account, job, position, link, class, bucket", "clicks"),
        new("events_by_job", "events_by_job_raw", "account, job, kind, class, bounce_class, reason, bucket", "events"),
    ];

    /// <summary>Ids of the given jobs for which the table and the events disagree, in totals or in people; jobs of which events have gone are left out.</summary>
    public string DifferingJobsSql =>
        $$"""
        SELECT DISTINCT job FROM
        (
            SELECT {{Keys}}, toUInt64(sum({{Total}})) AS total, cityHash64(arraySort(bitmapToArray(groupBitmapMergeState(people)))) AS who
            FROM {{Table}} WHERE job IN {jobs:Array(UInt64)} GROUP BY {{Keys}}
            UNION ALL
            SELECT {{Keys}}, toUInt64({{Total}}), cityHash64(arraySort(bitmapToArray(people)))
            FROM {{RawView}} WHERE job IN {jobs:Array(UInt64)}
        )
        WHERE job NOT IN (SELECT job FROM thinned_jobs WHERE job IN {jobs:Array(UInt64)})
        GROUP BY {{Keys}}, total, who HAVING count() != 2 FORMAT TSV
        """;

    /// <summary>The same as account, job, rows that differ, and what those add up to in the table and in the events.</summary>
    public string DifferencesSql =>
        $$"""
        SELECT account, job, uniqExact({{Keys}}), sumIf(total, side = 0), sumIf(total, side = 1) FROM
        (
            SELECT {{Keys}}, total, who, any(side) AS side FROM
            (
                SELECT {{Keys}}, toUInt64(sum({{Total}})) AS total, cityHash64(arraySort(bitmapToArray(groupBitmapMergeState(people)))) AS who, 0 AS side
                FROM {{Table}} WHERE job IN {jobs:Array(UInt64)} GROUP BY {{Keys}}
                UNION ALL
                SELECT {{Keys}}, toUInt64({{Total}}), cityHash64(arraySort(bitmapToArray(people))), 1
                FROM {{RawView}} WHERE job IN {jobs:Array(UInt64)}
            )
            WHERE job NOT IN (SELECT job FROM thinned_jobs WHERE job IN {jobs:Array(UInt64)})
            GROUP BY {{Keys}}, total, who HAVING count() != 2
        )
        GROUP BY account, job ORDER BY account, job FORMAT TSV
        """;

    /// <summary>The table behind the view <see cref="Table"/>, with the generations that readers do not see.</summary>
    public string Storage => Table + "_rows";

    /// <summary>Counts the given jobs into a generation; ends where a further condition is to follow.</summary>
    public string RecountSql =>
        $$"""
        INSERT INTO {{Storage}} ({{Keys}}, {{Total}}, people, generation)
        SELECT {{Keys}}, {{Total}}, people, {generation:UInt64} FROM {{RawView}} WHERE job IN {jobs:Array(UInt64)} AND 
        """;
}
