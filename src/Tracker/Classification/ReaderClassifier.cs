using System.Buffers;
using System.Collections.Frozen;
using Delivery.Contracts.Events;
using Microsoft.Extensions.Primitives;

namespace Delivery.Tracker.Classification;

/// <summary>
/// Who caused an opening or a click, by what the request shows. Nothing is left out for its class: reports tell people from machines,
/// and a class can be revised later from what the event keeps.
/// </summary>
internal static class ReaderClassifier
{
    /// <summary>Longest user agent, in characters, that is looked at and kept.</summary>
    public const int MaxUserAgent = EventLimits.UserAgentBytes;

    private static readonly UserAgentRule[] Rules = [.. UserAgentRules.All];

    /// <summary>What a user agent must have in it for any rule to fit but one of <see cref="Whole"/>: most have none of it, and one search tells.</summary>
    private static readonly SearchValues<string> AnyText = SearchValues.Create(
        [.. Rules.Where(r => r.Match != UserAgentMatch.Whole).Select(r => r.Text)], StringComparison.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Whole =
        Rules.Where(r => r.Match == UserAgentMatch.Whole).Select(r => r.Text).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] PurposeHeaders = ["Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"];

    public static ReaderVerdict Classify(EventKind kind, HttpRequest request)
    {
        if (HttpMethods.IsHead(request.Method))
            return new(ReaderClass.Scanner, "head_request");
        foreach (var header in PurposeHeaders)
        {
            if (request.Headers.TryGetValue(header, out var purpose) && IsPrefetch(purpose))
                return new(ReaderClass.Proxy, "prefetch_header");
        }

        return ByUserAgent(kind, UserAgent(request));
    }

    public static ReaderVerdict ByUserAgent(EventKind kind, string userAgent)
    {
        if (!Whole.Contains(userAgent) && !userAgent.AsSpan().ContainsAny(AnyText))
            return new(ReaderClass.Human, null);
        foreach (var rule in Rules)
        {
            if (rule.Fits(userAgent))
                return new(kind == EventKind.Opened ? rule.OnOpen : rule.OnClick, rule.Reason);
        }

        return new(ReaderClass.Human, null);
    }

    /// <summary>The user agent, trimmed and cut to <see cref="MaxUserAgent"/>; empty where the request has none.</summary>
    public static string UserAgent(HttpRequest request)
    {
        var userAgent = request.Headers.UserAgent.Count == 0 ? "" : request.Headers.UserAgent[0] ?? "";
        return userAgent.Length > MaxUserAgent ? userAgent[..MaxUserAgent] : userAgent;
    }

    private static bool IsPrefetch(StringValues purpose)
    {
        foreach (var value in purpose)
        {
            if (value is not null
                && (value.Contains("prefetch", StringComparison.OrdinalIgnoreCase)
                    || value.Contains("preview", StringComparison.OrdinalIgnoreCase)
                    || value.Contains("prerender", StringComparison.OrdinalIgnoreCase)))
                return true;
        }

        return false;
    }
}
