namespace Delivery.Contracts.Suppressions;

/// <summary>What a change of suppressions did, and how far Redis was after it.</summary>
/// <param name="Changed">Reasons that were added or removed; the others were there, or were not, before.</param>
/// <param name="Epoch">Which Redis took it.</param>
/// <param name="Version">Its version after the change; whoever has followed the log to there has the change.</param>
public readonly record struct SuppressionChange(int Changed, string Epoch, long Version);
