namespace Delivery.Aggregator.Mails;

/// <summary>A job's mail, the same for everyone.</summary>
/// <param name="Job">Decimal, as a string: 64 bits are more than JSON's readers keep.</param>
/// <param name="Subject">As written in the template.</param>
/// <param name="Html">Nothing in it can be clicked or loads anything; <c>data-position</c> names the position of a link. Null where there is none.</param>
/// <param name="Language">BCP 47 as the mail says; null where it does not.</param>
/// <param name="Direction"><c>ltr</c> or <c>rtl</c>; null without HTML.</param>
/// <param name="Truncated">Whether the mail goes on behind the HTML's end.</param>
/// <param name="Reason">Why there is no HTML, in words; null where there is.</param>
internal sealed record MailAnswer(string Job, string Subject, string? Html, string? Language, string? Direction, bool Truncated, string? Reason);
