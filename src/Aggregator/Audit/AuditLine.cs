namespace Delivery.Aggregator.Audit;

/// <summary>One line of what an audit writes: a step, or the report, or why there is none.</summary>
internal sealed record AuditLine
{
    public string? Step { get; init; }

    public long? Done { get; init; }

    public long? Total { get; init; }

    public AuditReport? Report { get; init; }

    public string? Error { get; init; }
}
