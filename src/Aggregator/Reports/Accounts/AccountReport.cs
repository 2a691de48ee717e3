using Delivery.Aggregator.Reports.Figures;

namespace Delivery.Aggregator.Reports.Accounts;

/// <summary>All of an account's mail over a span of time: what happened then, whenever the mail was sent.</summary>
/// <param name="Totals">People are counted once over the span for each job.</param>
internal sealed record AccountReport(
    DateTimeOffset From, DateTimeOffset To, string Step, string TimeZone, DateTimeOffset? FreshAsOf, SpanFigures Totals, IReadOnlyList<AccountPoint> Points);
