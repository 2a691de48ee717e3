namespace Delivery.Mta.Messages;

internal enum HtmlTokenKind
{
    Text,
    StartTag,
    EndTag,

    /// <summary>Comments, doctypes, and what stands inside script, style, title and textarea.</summary>
    Hidden,
}
