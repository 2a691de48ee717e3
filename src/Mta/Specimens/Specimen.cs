namespace Delivery.Mta.Specimens;

/// <summary>
/// A job's mail as people look at it beside its figures: the same for everyone, without anything of a recipient, and nothing in it can be
/// clicked or loads anything. Each tracked link is a tag with <c>data-position</c>.
/// </summary>
/// <param name="Html">UTF-8, at most <see cref="Delivery.Contracts.Events.EventLimits.MailBytes"/>.</param>
/// <param name="Truncated">Whether the mail is longer than that; it is cut between tags.</param>
/// <param name="Language">BCP 47 as the mail says; empty where it does not, or differently for each recipient.</param>
/// <param name="IsRightToLeft">As the mail says, else as its language or, in plain text, its first letter does.</param>
internal sealed record Specimen(byte[] Html, bool Truncated, string Language, bool IsRightToLeft);
