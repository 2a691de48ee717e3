namespace Delivery.Aggregator.Reports.People;

/// <summary>An event of a person as the statement gives it.</summary>
internal sealed record PersonEventRow(
    long Ms, ushort Shard, ulong Producer, ulong Number, string Kind, ulong Job, string CampaignId, string Subject, ushort Position, string Url,
    string Class, ushort SmtpCode, string BounceClass, string Reason);
