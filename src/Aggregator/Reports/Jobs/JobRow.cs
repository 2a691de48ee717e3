namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>A row of table <c>jobs</c>, as far as a report shows it.</summary>
/// <param name="CreatedMs">Milliseconds since 1970-01-01 UTC.</param>
internal sealed record JobRow(ulong Job, string CampaignId, string Subject, string FromEmail, long CreatedMs)
{
    public const string Columns = "job, campaign_id, subject, from_email, toUnixTimestamp64Milli(created) AS created_ms";
}
