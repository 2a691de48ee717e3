using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>A header field whose value differs between recipients.</summary>
/// <param name="Label">Where its errors point, as in <c>content.headers.X-Tier</c>.</param>
internal sealed record HeaderField(string Label, byte[] Name, Template Value);
