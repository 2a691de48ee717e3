using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>A link of the source that has a position.</summary>
/// <param name="Start">Offset of the URL in its source.</param>
/// <param name="End">Offset behind it.</param>
/// <param name="Link">0 when the link is not tracked.</param>
internal sealed record FoundLink(MessagePart Part, int Start, int End, ushort Link, ushort Position, string Url)
{
    /// <summary>UTM parameters that its destination gets.</summary>
    public UtmTags? Tags { get; init; }

    /// <summary>The URL's tokens, entities decoded.</summary>
    public required List<TemplateToken> Decoded { get; init; }

    public string Text { get; set; } = "";

    public bool IsTracked => Link != 0;

    /// <summary>Whether the message says nothing else than the template does, whatever the data.</summary>
    public bool IsConstant => Decoded.TrueForAll(token => token.Kind == TokenKind.Text);
}
