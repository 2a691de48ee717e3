namespace Delivery.Mta.Look;

/// <summary>A header field of a message, unfolded, its encoded-words read.</summary>
internal sealed record MailHeader(string Name, string Value);
