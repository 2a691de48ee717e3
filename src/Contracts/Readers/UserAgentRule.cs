using Delivery.Contracts.Events;

namespace Delivery.Contracts.Readers;

/// <summary>How a rule's text is looked for in a user agent; case never matters.</summary>
public enum UserAgentMatch
{
    Contains,

    /// <summary>Contained, and not followed by a letter: <c>bot</c> in <c>bingbot/2.0</c>, not in <c>bottle</c>.</summary>
    WordEnd,

    /// <summary>All of it.</summary>
    Whole,
}

/// <param name="OnOpen">What it says about an opening.</param>
/// <param name="OnClick">What it says about a click.</param>
public sealed record UserAgentRule(UserAgentMatch Match, string Text, ReaderClass OnOpen, ReaderClass OnClick, string? Reason)
{
    public bool Fits(ReadOnlySpan<char> userAgent) => Match switch
    {
        UserAgentMatch.Whole => userAgent.Equals(Text, StringComparison.OrdinalIgnoreCase),
        UserAgentMatch.Contains => userAgent.Contains(Text, StringComparison.OrdinalIgnoreCase),
        _ => EndsAWord(userAgent),
    };

    private bool EndsAWord(ReadOnlySpan<char> rest)
    {
        for (int at; (at = rest.IndexOf(Text, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            rest = rest[(at + Text.Length)..];
            if (rest.IsEmpty || !char.IsAsciiLetter(rest[0]))
                return true;
        }

        return false;
    }
}
