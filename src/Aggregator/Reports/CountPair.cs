namespace Delivery.Aggregator.Reports;

/// <summary>How often, and by how many people.</summary>
internal sealed record CountPair(ulong Total, ulong Unique)
{
    public static CountPair None { get; } = new(0, 0);
}
