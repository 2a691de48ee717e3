namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>A row of table <c>links</c>: one link of a job's template.</summary>
internal sealed record LinkRow(ushort Position, ushort Link, string Part, string Url, string Text);
