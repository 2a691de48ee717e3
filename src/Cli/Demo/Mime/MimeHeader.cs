namespace Delivery.Cli.Demo.Mime;

/// <summary>A header field, unfolded (RFC 5322 section 2.2.3), its encoded-words not yet decoded.</summary>
internal readonly record struct MimeHeader(string Name, string Value);
