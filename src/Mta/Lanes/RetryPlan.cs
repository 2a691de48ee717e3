namespace Delivery.Mta.Lanes;

/// <summary>How a recipient is tried again.</summary>
/// <param name="First">Pause before the second attempt; doubles with each further one.</param>
/// <param name="Max">Longest pause.</param>
/// <param name="ExpireAfter">How long it is tried, from its job's start.</param>
internal readonly record struct RetryPlan(TimeSpan First, TimeSpan Max, TimeSpan ExpireAfter);
