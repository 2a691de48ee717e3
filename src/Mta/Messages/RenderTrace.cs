using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Watches one message being composed for people to look at. While a composer has one, links stand as the template has them, there is no
/// pixel, and the unsubscribe address leads nowhere: nothing in the message can be counted for anybody.
/// </summary>
internal sealed class RenderTrace
{
    private const int MaxLinks = 10_000;
    private readonly List<RenderedLink> _links = [];
    private MessagePart _part;

    /// <summary>Stands where a token would; no token is spelled so.</summary>
    public static ReadOnlySpan<byte> NoToken => "preview"u8;

    public FieldTrace Fields { get; } = new();

    /// <summary>The tracked links in the order of the rendered parts, text first.</summary>
    public IReadOnlyList<RenderedLink> Links => _links;

    /// <summary>Where in the failed field's source the render ended; -1 where that is not known.</summary>
    public int FailedAt { get; set; } = -1;

    public void Clear()
    {
        _links.Clear();
        Fields.Clear();
        FailedAt = -1;
    }

    public void BeginPart(MessagePart part) => _part = part;

    public void Add(FoundLink link, ReadOnlySpan<byte> destination)
    {
        if (_links.Count < MaxLinks)
            _links.Add(new RenderedLink(_part, link.Position, link.Url, Encoding.ASCII.GetString(destination)));
    }
}

/// <param name="Part">The part it was rendered in; one of a derived text has the position it has in the HTML.</param>
/// <param name="TemplateUrl">As written, entities decoded.</param>
/// <param name="Url">Where a click would lead.</param>
internal sealed record RenderedLink(MessagePart Part, ushort Position, string TemplateUrl, string Url);
