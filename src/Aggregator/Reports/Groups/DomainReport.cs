namespace Delivery.Aggregator.Reports.Groups;

/// <summary>A job by domain, most accepted first.</summary>
/// <param name="Others">The rest together; null where all are listed.</param>
internal sealed record DomainReport(string Job, DateTimeOffset? FreshAsOf, IReadOnlyList<DomainFigures> Domains, GroupFigures? Others);
