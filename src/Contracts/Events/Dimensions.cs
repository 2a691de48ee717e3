namespace Delivery.Contracts.Events;

/// <summary>What a token cannot carry about a recipient; travels with its <see cref="EventKind.Accepted"/> event.</summary>
/// <param name="UpstreamId">The upstream app's own id of the recipient, empty where none was given.</param>
/// <param name="Variant">A/B variant label, empty where none.</param>
/// <param name="Domain">Domain of the address, lower case A-label.</param>
/// <param name="Key">The same person across jobs.</param>
/// <param name="Metadata">JSON object as UTF-8; empty is read as <c>{}</c>.</param>
public readonly record struct RecipientDimension(string? UpstreamId, string? Variant, string? Domain, RecipientKey Key, ReadOnlyMemory<byte> Metadata);

/// <summary>A job as analysts see it.</summary>
public readonly record struct JobDimension(
    uint Account, ulong Job, long CreatedMs, string? CampaignId, string? Subject, string? FromEmail, string? FromName, ReadOnlyMemory<byte> Metadata);

/// <summary>A link as written in the job's template.</summary>
/// <param name="Part"><c>html</c> or <c>text</c>.</param>
/// <param name="Text">What the reader sees of the link.</param>
public readonly record struct LinkDimension(
    uint Account, ulong Job, ushort Position, ushort Link, string Part, string Url, string Text);

/// <summary>A piece of a job's mail as reports show it, without anything of a recipient.</summary>
/// <param name="Piece">From 0, below <paramref name="Pieces"/>; all pieces of a job agree in the fields but this and the HTML.</param>
/// <param name="Truncated">Whether the mail is longer than what is kept.</param>
/// <param name="Language">BCP 47 as the mail says, empty where it does not.</param>
/// <param name="Direction"><c>ltr</c> or <c>rtl</c>.</param>
/// <param name="Html">UTF-8, at most <see cref="EventLimits.MailPieceBytes"/>; the pieces one after another are the mail.</param>
public readonly record struct MailDimension(
    uint Account, ulong Job, ushort Piece, ushort Pieces, bool Truncated, string? Language, string Direction, ReadOnlyMemory<byte> Html);
