using System.Text;
using Delivery.Mta.Messages;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Look;

/// <summary>A link of a rendered HTML part.</summary>
/// <param name="Url">As rendered, entities decoded, blanks around it cut.</param>
/// <param name="Tracked">What the message counts clicks of; null for one that is left alone.</param>
internal sealed record Anchor(string Url, RenderedLink? Tracked)
{
    /// <summary>
    /// The links of a mail's HTML. Those that are tracked were recorded in the same order while it was rendered; each is matched
    /// with the next that leads to the same place.
    /// </summary>
    public static List<Anchor> Find(LookMail mail)
    {
        var anchors = new List<Anchor>();
        var next = 0;
        var url = new ByteBuffer(256);
        foreach (var piece in mail.Pieces)
        {
            if (piece.Kind != HtmlTokenKind.StartTag || piece.Name is not ("a" or "area") || mail.Attribute(piece, "href") is not { } href)
                continue;
            while (next < mail.Tracked.Count && mail.Tracked[next].Part != MessagePart.Html)
                next++;
            href = href.Trim();
            var same = next < mail.Tracked.Count && mail.Tracked[next].Url == Destination(href, url);
            anchors.Add(new Anchor(href, same ? mail.Tracked[next++] : null));
        }

        return anchors;
    }

    private static string Destination(string href, ByteBuffer url) =>
        DestinationUrl.Read(Encoding.UTF8.GetBytes(href), url) == LinkTarget.Web ? Encoding.ASCII.GetString(url.Written) : href;
}
