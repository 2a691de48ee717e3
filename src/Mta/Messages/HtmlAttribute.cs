namespace Delivery.Mta.Messages;

/// <summary>An attribute; the value, without its quotes, is the range of the source from Start to End.</summary>
internal readonly record struct HtmlAttribute(string Name, int Start, int End);
