using System.Net;
using Delivery.Mta.Messages;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Look;

/// <summary>One recipient's mail, rendered to be looked at: its links are plain and nothing in it can be counted for anybody.</summary>
internal sealed class LookMail
{
    /// <summary>Characters of the HTML that are looked into.</summary>
    private const int MaxLookedInto = 1 << 20;

    private List<HtmlToken>? _pieces;
    private List<Anchor>? _anchors;

    public required LookContent Content { get; init; }

    /// <summary>The recipient's address.</summary>
    public required string Email { get; init; }

    /// <summary>False where there is no recipient: what data would fill in is empty.</summary>
    public required bool HasData { get; init; }

    public required IReadOnlyList<MailHeader> Headers { get; init; }

    /// <summary>Null in a mail without HTML.</summary>
    public required string? Html { get; init; }

    public required string Text { get; init; }

    /// <summary>The whole message; holds until the next one is composed.</summary>
    public required ReadOnlyMemory<byte> Message { get; init; }

    /// <summary>Of the message as it is sent, with tracked links and the pixel; without its DKIM signature, some 800 bytes.</summary>
    public required int SizeBytes { get; init; }

    /// <summary>Of the HTML part as it is sent, before it is encoded.</summary>
    public required int HtmlBytes { get; init; }

    /// <summary>What the templates ask the data for in vain.</summary>
    public required IReadOnlyList<MissingField> Missing { get; init; }

    /// <summary>The tracked links, in the order in which they were rendered.</summary>
    public required IReadOnlyList<RenderedLink> Tracked { get; init; }

    public string Subject => Header("Subject") ?? "";

    /// <summary>The HTML in tags and texts.</summary>
    public IReadOnlyList<HtmlToken> Pieces => _pieces ??= Html is null ? [] : HtmlTokenizer.Tokenize(Html.Length <= MaxLookedInto ? Html : Html[..MaxLookedInto]);

    /// <summary>The links of the HTML, in its order.</summary>
    public IReadOnlyList<Anchor> Anchors => _anchors ??= Anchor.Find(this);

    public string? Header(string name)
    {
        foreach (var header in Headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return header.Value;
        }

        return null;
    }

    /// <summary>The value of a tag's attribute, entities decoded; null where it has none.</summary>
    public string? Attribute(HtmlToken tag, string name)
    {
        foreach (var attribute in tag.Attributes)
        {
            if (attribute.Name == name)
                return WebUtility.HtmlDecode(Html![attribute.Start..attribute.End]);
        }

        return null;
    }
}
