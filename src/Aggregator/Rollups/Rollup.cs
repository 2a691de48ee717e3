namespace Delivery.Aggregator.Rollups;

/// <summary>
/// A table that is filled by a materialized view over <c>events</c>, and can be counted again from them: the view
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

    /// <summary>Ids of the given jobs for which the table and the events disagree, in totals or in people.</summary>
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

    public string DeleteJobsSql => $$"""ALTER TABLE {{Table}} DELETE WHERE job IN {jobs:Array(UInt64)} SETTINGS mutations_sync = 1""";

    /// <summary>Looks for no duplicates: the same rows may have been here before they were deleted.</summary>
    public string RefillJobsSql =>
        $$"""INSERT INTO {{Table}} SELECT * FROM {{RawView}} WHERE job IN {jobs:Array(UInt64)} SETTINGS insert_deduplicate = 0""";
}
