namespace Delivery.Contracts.Tokens;

/// <summary>Whose message a token stands in.</summary>
/// <param name="Recipient">Dense ordinal of the recipient within its job.</param>
/// <param name="SentAt">Seconds since 1970-01-01 UTC.</param>
public readonly record struct TrackingSubject(uint Account, ulong Job, uint Recipient, uint SentAt);

/// <summary>Which link of the message.</summary>
/// <param name="Link">Ordinal of the distinct URL as written in the template, from 1.</param>
/// <param name="Position">Ordinal of the link in the template's source, from 1.</param>
/// <param name="LoopIndex">How many times the position was rendered before in the same message.</param>
public readonly record struct LinkPlace(ushort Link, ushort Position, ushort LoopIndex)
{
    /// <summary>The position of the link that no person can see: no link of a template has it.</summary>
    public const ushort ScannerPosition = ushort.MaxValue;
}

/// <summary>A click token's content.</summary>
/// <param name="Url">The destination: absolute, http or https.</param>
public readonly record struct ClickToken(TrackingSubject Subject, LinkPlace Place, string Url);

/// <summary>An unsubscribe token's content.</summary>
/// <param name="List">The account's list, 0 for all of its mail.</param>
/// <param name="Language">What the mail is written in, where that is known.</param>
public readonly record struct UnsubscribeToken(TrackingSubject Subject, RecipientKey Key, uint List, MailLanguage Language = MailLanguage.Unknown);
