namespace Delivery.Mta.Messages;

/// <summary>
/// What a job says. Subject, HTML, text, header values, the sender's name and the reply address are templates.
/// At least one of HTML and text is needed; text that is absent is made from the HTML.
/// </summary>
internal sealed record MessageContent
{
    public required Mailbox From { get; init; }

    public string? ReplyTo { get; init; }

    public required string Subject { get; init; }

    public string? Html { get; init; }

    public string? Text { get; init; }

    /// <summary>A template of plain text: what mail clients show beside the subject. Hidden in the HTML, absent from the text.</summary>
    public string? Preheader { get; init; }

    /// <summary>
    /// A template of the language that the mail is in, <c>he</c> or <c>en-GB</c> (BCP 47): what pages behind its links speak. Null: as the HTML's
    /// <c>lang</c> says.
    /// </summary>
    public string? Language { get; init; }

    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>Shown by the HTML as <c>cid:name</c>.</summary>
    public IReadOnlyList<Attachment> InlineImages { get; init; } = [];

    /// <summary>Further header fields; the sender's own (From, To, Date, DKIM-Signature and so on) are refused.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Envelope sender; it stands in no header.</summary>
    public string? ReturnPath { get; init; }
}
