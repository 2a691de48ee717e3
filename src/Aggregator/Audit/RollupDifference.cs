namespace Delivery.Aggregator.Audit;

/// <summary>A job whose roll-up is not what its events add up to.</summary>
/// <param name="Rows">Rows of the roll-up that are missing, too many or wrong.</param>
/// <param name="Holds">What those rows add up to in the roll-up.</param>
/// <param name="Counted">What they add up to, counted again.</param>
internal sealed record RollupDifference(string Rollup, uint Account, string Job, ulong Rows, ulong Holds, ulong Counted);
