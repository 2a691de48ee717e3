namespace Delivery.Aggregator.Audiences;

/// <summary>The people of a job to whom all conditions apply.</summary>
/// <param name="Conditions">Each once; none means everybody who was accepted.</param>
/// <param name="Variant">The A/B variant; empty for those without one, null for any.</param>
/// <param name="Domain">The domain of the address, lower case; null for any.</param>
internal sealed record Audience(IReadOnlyList<AudienceCondition> Conditions, string? Variant, string? Domain);
