using System.Diagnostics.CodeAnalysis;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// A job's content, ready to be composed for any number of recipients by any number of workers at once. Immutable.
/// </summary>
internal sealed class CompiledContent
{
    /// <summary>The tracked links, ordered by position within each part.</summary>
    public required IReadOnlyList<TemplateLink> Links { get; init; }

    /// <summary>What is probably not meant: links that cannot be tracked.</summary>
    public required IReadOnlyList<ContentError> Warnings { get; init; }

    /// <summary>The sender's address, normalized (<see cref="MailAddress"/>).</summary>
    public required string FromAddress { get; init; }

    /// <summary>The envelope sender that the content names, normalized; null when it names none.</summary>
    public required string? ReturnPath { get; init; }

    /// <summary>
    /// What follows every composed message and is no part of it: inline images and attachments in base64 with the lines that close the
    /// parts around them; ASCII. Empty when there are none.
    /// </summary>
    public ReadOnlyMemory<byte> SharedTail { get; init; }

    /// <summary>Bytes of memory that it keeps, roughly.</summary>
    public long Weight { get; init; }

    internal required byte[] FromAddressBytes { get; init; }

    internal required byte[] FromDomain { get; init; }

    internal required Template Subject { get; init; }

    /// <summary>Null where <see cref="FromHeader"/> is the same for everyone.</summary>
    internal required Template? FromName { get; init; }

    internal required byte[] FromHeader { get; init; }

    /// <summary>Null where <see cref="ReplyToHeader"/> is the same for everyone, or there is none.</summary>
    internal required Template? ReplyTo { get; init; }

    internal required byte[] ReplyToHeader { get; init; }

    internal required Template? Html { get; init; }

    internal required Template Text { get; init; }

    /// <summary>Whether the text was made from the HTML and has marks for <see cref="TextNormalizer"/>.</summary>
    internal required bool TextIsDerived { get; init; }

    internal required IReadOnlyList<HeaderField> Fields { get; init; }

    /// <summary>Fields that are the same for everyone and all that follows them up to the first character of the text.</summary>
    internal required byte[] ConstantHeaders { get; init; }

    /// <summary>What stands between text and HTML.</summary>
    internal required byte[] BeforeHtml { get; init; }

    /// <summary>What closes a message without <see cref="SharedTail"/>; empty in a message of one part.</summary>
    internal required byte[] Closing { get; init; }

    /// <summary>The mail's language where it is the same for everyone.</summary>
    internal required MailLanguage Language { get; init; }

    /// <summary>Renders to a tag of the language; null where that is the same for everyone.</summary>
    internal required Template? LanguageTag { get; init; }

    internal required TrackerUrls Urls { get; init; }

    internal required int Positions { get; init; }

    /// <summary>Whether the content has a Feedback-ID of its own.</summary>
    internal required bool HasFeedbackId { get; init; }

    internal required bool ListUnsubscribe { get; init; }

    /// <summary>False: <paramref name="errors"/> has at least one error, and the first of every field.</summary>
    public static bool TryCompile(MessageContent content, ComposeOptions options, [NotNullWhen(true)] out CompiledContent? compiled, out IReadOnlyList<ContentError> errors)
    {
        var compiler = new ContentCompiler(content, options);
        compiled = compiler.Compile();
        errors = compiler.Errors;
        return compiled is not null;
    }
}
