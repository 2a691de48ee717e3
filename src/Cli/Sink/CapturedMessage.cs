namespace Delivery.Cli.Sink;

/// <summary>One message as one recipient would have it. A message to several recipients is captured once for each.</summary>
/// <param name="Number">In the order of arrival at this sink, from 1 or on from the highest number in its folder.</param>
/// <param name="From">The reverse path; empty for the null path.</param>
/// <param name="Raw">The message with its CRLF line ends and without dot-stuffing; shared by a message's recipients.</param>
/// <param name="File">Where it was written, when the sink keeps files.</param>
internal sealed record CapturedMessage(long Number, string From, string To, byte[] Raw, DateTimeOffset Received, string? File);
