namespace Delivery.Aggregator.Reports.People;

/// <summary>Who a person is, in the newest of the jobs that they are a recipient of.</summary>
internal sealed record PersonRow(string RecipientKey, string UpstreamId, ulong Mails);
