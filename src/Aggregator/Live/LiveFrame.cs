namespace Delivery.Aggregator.Live;

/// <summary>What watchers of a job are told.</summary>
/// <param name="Number">Rises with each change, from 1.</param>
/// <param name="Json">The counters, on one line.</param>
internal sealed record LiveFrame(long Number, byte[] Json);
