namespace Delivery.Aggregator.Dashboard;

/// <summary>One file of the page, as it is sent.</summary>
/// <param name="Path">Under which it is served, from <c>/</c>.</param>
/// <param name="ETag">Strong, with its quotes; of the bytes alone.</param>
internal sealed record PageFile(string Path, string ContentType, string ETag, byte[] Bytes);
