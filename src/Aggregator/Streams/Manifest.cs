namespace Delivery.Aggregator.Streams;

/// <summary>What is about to be inserted: written before the insert, gone with the commit. One that is found was left by a crash.</summary>
/// <param name="First">Id of the batch's first entry.</param>
/// <param name="Last">Id of its last entry.</param>
/// <param name="Count">Its entries.</param>
internal sealed record Manifest(string First, string Last, int Count, string Token);
