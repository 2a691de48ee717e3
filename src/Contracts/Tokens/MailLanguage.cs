namespace Delivery.Contracts.Tokens;

/// <summary>The language of a mail, so far as pages for its readers are written in it. In tokens: a number is never given another meaning.</summary>
public enum MailLanguage : byte
{
    /// <summary>Not said, or one that there are no pages in.</summary>
    Unknown = 0,

    English = 1,

    Hebrew = 2,
}
