namespace Delivery.Mta.Outcomes;

/// <summary>A reply that no rule knows.</summary>
/// <param name="Enhanced">As in RFC 3463; empty for none.</param>
/// <param name="Text">With placeholders, see <see cref="ReplyPlaceholders"/>: holds no address of a person.</param>
internal readonly record struct UnknownReply(ushort Code, string Enhanced, string Text);
