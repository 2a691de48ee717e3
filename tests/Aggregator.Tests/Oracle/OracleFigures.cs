namespace Delivery.Aggregator.Tests.Oracle;

/// <summary>
/// What is asked of ClickHouse for each job, in the columns that <c>oracle.py</c> writes: texts as hex, quotients by the bits of their
/// double, sets of people by their size, sum and sum of squares.
/// </summary>
internal static class OracleFigures
{
    private const string EventsByJob =
        "SELECT kind, class, bounce_class, reason, toUnixTimestamp(bucket), toUInt64(sum(t.events)), " + Who
        + " FROM (SELECT * FROM {0} WHERE {1}) AS t GROUP BY kind, class, bounce_class, reason, bucket";

    private const string ClicksByLink =
        "SELECT position, link, class, toUnixTimestamp(bucket), toUInt64(sum(t.clicks)), " + Who
        + " FROM (SELECT * FROM {0} WHERE {1}) AS t GROUP BY position, link, class, bucket";

    private const string Who =
        "groupBitmapMerge(t.people), arraySum(p -> toUInt64(p), bitmapToArray(groupBitmapMergeState(t.people))), "
        + "arraySum(p -> toUInt64(p) * toUInt64(p), bitmapToArray(groupBitmapMergeState(t.people)))";

    /// <summary>Name of the expectation, and the statement; {0} is the condition that names account and job.</summary>
    public static IEnumerable<(string Name, string Sql)> Of(string job)
    {
        yield return ("raw", $"""
            SELECT count(), sum(CRC32(concat({string.Join(", '\\t', ", Columns.Select(Text))}))) FROM events WHERE {job}
            GROUP BY account, job HAVING count() = uniqExact(producer, shard, number)
            """);
        yield return ("events_by_job", Format(EventsByJob, "events_by_job", job));
        yield return ("events_by_job", Format(EventsByJob, "events_by_job_raw", job));
        yield return ("clicks_by_link", Format(ClicksByLink, "clicks_by_link", job));
        yield return ("clicks_by_link", Format(ClicksByLink, "clicks_by_link_raw", job));
        yield return ("v_job_summary", $"""
            SELECT hex(campaign_id), hex(subject), toUnixTimestamp64Milli(created), accepted, delivered, bounced, expired, dropped, deferrals, pending,
                opens, unique_opens, clicks, unique_clicks, unsubscribes, unique_unsubscribes, complaints,
                machine_opens, unique_machine_opens, machine_clicks, unique_machine_clicks,
                {Bits("open_rate")}, {Bits("click_rate")}, {Bits("click_to_open_rate")}, {Bits("unsubscribe_rate")}, {Bits("bounce_rate")}
            FROM v_job_summary WHERE {job}
            """);
        yield return ("v_click_breakdown", $"""
            SELECT hex(campaign_id), hex(subject), position, link, hex(part), hex(url), hex(text),
                clicks, unique_clicks, machine_clicks, unique_machine_clicks, {Bits("share")}
            FROM v_click_breakdown WHERE {job}
            """);
        yield return ("v_response_times", $"SELECT class, day_of_week, hour, opens, unique_opens, clicks, unique_clicks FROM v_response_times WHERE {job}");
        yield return ("v_events", $"SELECT kind, class, hex(variant), hex(domain), count(), uniqExact(recipient) FROM v_events WHERE {job} GROUP BY kind, class, variant, domain");
    }

    /// <summary>All jobs that there are, with their events and recipients, counted from what a job has.</summary>
    public const string Jobs = """
        SELECT account, job, sum(e), sum(r) FROM
        (
            SELECT account, job, count() AS e, 0 AS r FROM events GROUP BY account, job
            UNION ALL SELECT account, job, 0, count() FROM recipients FINAL GROUP BY account, job
            UNION ALL SELECT account, job, 0, 0 FROM jobs
            UNION ALL SELECT account, job, 0, 0 FROM links
            UNION ALL SELECT account, job, 0, 0 FROM v_job_summary
            UNION ALL SELECT account, job, 0, 0 FROM v_click_breakdown
        )
        GROUP BY account, job
        """;

    public static string Timeline(uint account, string key) => $"""
        SELECT toUnixTimestamp64Milli(time), kind, job, hex(campaign_id), hex(subject), recipient, position, hex(url), class, smtp_code, bounce_class, hex(reason)
        FROM v_recipient_timeline(account = {account}, key = '{key}')
        """;

    private static string[] Columns =>
    [
        "producer", "shard", "number", "kind", "time", "account", "job", "recipient", "link", "position", "loop_index", "class", "class_reason", "attempt",
        "smtp_code", "enhanced_status", "bounce_class", "mx", "reason", "reply", "url", "user_agent", "ip", "uncertain",
    ];

    private static string Text(string column) => column == "time" ? "toString(toUnixTimestamp64Milli(time))" : $"toString({column})";

    private static string Bits(string quotient) => $"ifNull(toString(reinterpretAsUInt64({quotient})), 'null')";

    private static string Format(string sql, string table, string job) => string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, table, job);
}
