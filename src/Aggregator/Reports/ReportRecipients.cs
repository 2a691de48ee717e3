namespace Delivery.Aggregator.Reports;

/// <summary>Whom a job is for.</summary>
internal sealed record ReportRecipients(ulong Accepted);
