namespace Delivery.Aggregator.Streams;

/// <summary>A header that cannot be used, as it came; a field that it lacks is empty.</summary>
internal sealed record HeaderFault(string Reason, string Producer, string First, string Count);
