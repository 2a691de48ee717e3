namespace Delivery.Contracts.Suppressions;

/// <summary>One reason why one person gets no mail.</summary>
/// <param name="List">The account's list whose mail the person does not get; 0 for all of the account's mail.</param>
/// <param name="TimeMs">Since when, Unix milliseconds.</param>
public readonly record struct SuppressedFor(SuppressionReason Reason, uint List, long TimeMs);
