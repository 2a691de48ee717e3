using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Reports;

/// <summary>Reads a job's figures from the views that analysts use. Thread-safe.</summary>
internal sealed class JobReportQuery(ClickHouseClient clickHouse, Freshness freshness)
{
    private const string Format = "SETTINGS output_format_json_quote_64bit_integers = 0, output_format_json_quote_denormals = 0 FORMAT JSONEachRow";

    private const string JobSql =
        "SELECT campaign_id, subject, toUnixTimestamp64Milli(created) AS created_ms FROM jobs FINAL "
        + "WHERE account = {account:UInt32} AND job = {job:UInt64} " + Format;

    private const string SummarySql =
        "SELECT * EXCEPT (account, job, campaign_id, subject, created) FROM v_job_summary "
        + "WHERE account = {account:UInt32} AND job = {job:UInt64} " + Format;

    private const string LinksSql =
        "SELECT * EXCEPT (account, job, campaign_id, subject) FROM v_click_breakdown "
        + "WHERE account = {account:UInt32} AND job = {job:UInt64} ORDER BY position " + Format;

    /// <summary>Null where the account has no such job.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<JobReport?> FindAsync(uint account, ulong job, CancellationToken cancellation)
    {
        var fresh = await freshness.OfAsync(job).ConfigureAwait(false);
        var about = One(await RowsAsync(JobSql, account, job, cancellation).ConfigureAwait(false), ReportJson.Default.JobRow);
        var counts = One(await RowsAsync(SummarySql, account, job, cancellation).ConfigureAwait(false), ReportJson.Default.SummaryRow);
        if (about is null && counts is null)
            return null;
        var links = Rows(await RowsAsync(LinksSql, account, job, cancellation).ConfigureAwait(false), ReportJson.Default.LinkReport);
        return Compose(job, fresh, about, counts ?? SummaryRow.Empty, links);
    }

    private static JobReport Compose(ulong job, DateTimeOffset? fresh, JobRow? about, SummaryRow row, List<LinkReport> links) => new(
        job.ToString(CultureInfo.InvariantCulture),
        about?.CampaignId ?? "",
        about?.Subject ?? "",
        about is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(about.CreatedMs),
        fresh,
        new ReportRecipients(row.Accepted),
        row.Delivered,
        row.Bounced,
        row.Expired,
        row.Dropped,
        row.Deferrals,
        row.Pending,
        new CountPair(row.Opens, row.UniqueOpens),
        new CountPair(row.Clicks, row.UniqueClicks),
        new CountPair(row.Unsubscribes, row.UniqueUnsubscribes),
        row.Complaints,
        new ReportMachines(
            new CountPair(row.MachineOpens, row.UniqueMachineOpens), new CountPair(row.MachineClicks, row.UniqueMachineClicks)),
        new ReportRates(row.OpenRate, row.ClickRate, row.ClickToOpenRate, row.UnsubscribeRate, row.BounceRate),
        links);

    private Task<byte[]> RowsAsync(string sql, uint account, ulong job, CancellationToken cancellation) =>
        clickHouse.QueryAsync(
            sql,
            cancellation,
            ("account", account.ToString(CultureInfo.InvariantCulture)),
            ("job", job.ToString(CultureInfo.InvariantCulture)));

    private static T? One<T>(byte[] answer, JsonTypeInfo<T> type)
        where T : class => Rows(answer, type) is [var row, ..] ? row : null;

    private static List<T> Rows<T>(ReadOnlySpan<byte> answer, JsonTypeInfo<T> type)
    {
        var rows = new List<T>();
        foreach (var line in answer.Split((byte)'\n'))
        {
            if (!answer[line].IsEmpty)
                rows.Add(JsonSerializer.Deserialize(answer[line], type)!);
        }

        return rows;
    }
}
