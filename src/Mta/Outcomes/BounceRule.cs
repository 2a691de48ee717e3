using System.Buffers;
using System.Text.RegularExpressions;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Outcomes;

/// <summary>
/// Matches a reply that meets every condition the rule has; a condition with several values is met by any of them.
/// <c>text</c> and <c>pattern</c> are one condition. Immutable and thread-safe.
/// </summary>
internal sealed class BounceRule
{
    public required BounceVerdict Verdict { get; init; }

    public required IReadOnlyList<StatusPattern> Status { get; init; }

    public required IReadOnlyList<CodePattern> Code { get; init; }

    public required IReadOnlyList<PeerPattern> Peer { get; init; }

    /// <summary>Words of which one must be in the text, without case; null for none.</summary>
    public required SearchValues<string>? Text { get; init; }

    public required IReadOnlyList<Regex> Pattern { get; init; }

    /// <param name="text">With placeholders.</param>
    /// <param name="host">Empty where no peer had a say.</param>
    public bool Matches(ushort code, EnhancedStatus status, ReadOnlySpan<char> text, ReadOnlySpan<char> host) =>
        MatchesCode(code) && MatchesStatus(status) && MatchesPeer(host) && MatchesText(text);

    private bool MatchesCode(ushort code)
    {
        foreach (var pattern in Code)
        {
            if (pattern.Matches(code))
                return true;
        }

        return Code.Count == 0;
    }

    private bool MatchesStatus(EnhancedStatus status)
    {
        foreach (var pattern in Status)
        {
            if (pattern.Matches(status))
                return true;
        }

        return Status.Count == 0;
    }

    private bool MatchesPeer(ReadOnlySpan<char> host)
    {
        foreach (var pattern in Peer)
        {
            if (pattern.Matches(host))
                return true;
        }

        return Peer.Count == 0;
    }

    private bool MatchesText(ReadOnlySpan<char> text)
    {
        if (Text is not null && text.ContainsAny(Text))
            return true;
        foreach (var pattern in Pattern)
        {
            if (pattern.IsMatch(text))
                return true;
        }

        return Text is null && Pattern.Count == 0;
    }
}
