namespace Delivery.Contracts.Suppressions;

/// <summary>One change in the log.</summary>
/// <param name="Place">Where it stands in the log.</param>
/// <param name="Version">The version that the change made.</param>
/// <param name="Value">All that the recipient is suppressed for after it, as <see cref="SuppressionValue"/>; empty for nothing.</param>
public readonly record struct LoggedChange(string Place, long Version, uint Account, RecipientKey Recipient, string Value);
