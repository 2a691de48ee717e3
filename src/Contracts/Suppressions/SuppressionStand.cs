namespace Delivery.Contracts.Suppressions;

/// <summary>How far a reader of the log is, and in the log of which Redis.</summary>
/// <param name="Epoch">Which Redis; empty where it has no epoch.</param>
/// <param name="Version">How many changes it has seen.</param>
/// <param name="Place">A place in the log.</param>
public sealed record SuppressionStand(string Epoch, long Version, string Place)
{
    /// <summary>Before everything, in no Redis.</summary>
    public static SuppressionStand None { get; } = new("", 0, SuppressionLog.Start);
}
