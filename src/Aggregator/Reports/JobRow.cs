namespace Delivery.Aggregator.Reports;

/// <summary>A row of table <c>jobs</c>, as far as a report shows it.</summary>
/// <param name="CreatedMs">Milliseconds since 1970-01-01 UTC.</param>
internal sealed record JobRow(string CampaignId, string Subject, long CreatedMs);
