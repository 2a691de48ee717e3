namespace Delivery.Aggregator.Hindsight;

/// <summary>A walk over stored readers, page by page, by account, job and recipient.</summary>
/// <param name="Job">Of this job alone; null for all of the shard.</param>
/// <param name="SinceMs">Readers with events from then on.</param>
/// <param name="Order">The operator's order behind it, under which the rules of the first sight are applied again; null where what was missed is looked at.</param>
internal sealed record CatchUp(ulong? Job, long SinceMs, string? Order)
{
    /// <summary>The last reader of the last page.</summary>
    public ReaderKey? After { get; set; }

    public bool Reapplies => Order is not null;
}
