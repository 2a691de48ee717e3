namespace Delivery.Mta.Messages;

/// <summary>One piece of an HTML source, from Start to End. Names are in lower case.</summary>
internal sealed record HtmlToken(HtmlTokenKind Kind, int Start, int End, string Name = "")
{
    public IReadOnlyList<HtmlAttribute> Attributes { get; init; } = [];
}
