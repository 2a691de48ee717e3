namespace Delivery.Mta.Outcomes;

/// <summary>What <c>GET /v1/bounces/unknown</c> answers.</summary>
internal sealed record UnknownReplyList(IReadOnlyList<ListedUnknownReply> Replies);

/// <param name="EnhancedStatus">As in RFC 3463; empty for none.</param>
/// <param name="Text">With placeholders for addresses, IPs, numbers and ids.</param>
internal sealed record ListedUnknownReply(int Code, string EnhancedStatus, string Text, long Count, DateTimeOffset FirstSeen, DateTimeOffset LastSeen);
