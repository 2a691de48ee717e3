using Delivery.Contracts.Events;
using Delivery.Contracts.Readers;
using Delivery.Contracts.Tokens;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Delivery.Tracker.Classification;

/// <summary>
/// Who caused an opening or a click, by what one request shows. Nothing is left out for its class: reports tell people from machines,
/// and a class is revised later from what several events show together. Thread-safe.
/// </summary>
internal sealed class ReaderClassifier(IOptions<TrackerOptions> options)
{
    private static readonly string[] PurposeHeaders = ["Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"];
    private readonly ReaderRules _rules = new(options.Value.Classification);
    private readonly long _clickTooSoonMs = (long)options.Value.Classification.ClickTooSoon.TotalMilliseconds;
    private readonly long _openTooSoonMs = (long)options.Value.Classification.OpenTooSoon.TotalMilliseconds;

    /// <param name="userAgent">From <see cref="UserAgent"/>.</param>
    /// <param name="sentAt">When the mail was made, from its token: seconds since 1970-01-01 UTC.</param>
    /// <param name="nowMs">Milliseconds since then.</param>
    /// <param name="position">Of the link; 0 for an opening.</param>
    public ReaderVerdict Classify(EventKind kind, HttpRequest request, string userAgent, uint sentAt, long nowMs, ushort position = 0)
    {
        if (position == LinkPlace.ScannerPosition)
            return new(ReaderClass.Scanner, ReaderReasons.ScannerLink);
        if (_rules.TryFindNetwork(kind, request.HttpContext.Connection.RemoteIpAddress, out var known))
            return known;
        if (HttpMethods.IsHead(request.Method))
            return new(ReaderClass.Scanner, ReaderReasons.HeadRequest);
        foreach (var header in PurposeHeaders)
        {
            if (request.Headers.TryGetValue(header, out var purpose) && IsPrefetch(purpose))
                return new(ReaderClass.Proxy, ReaderReasons.PrefetchHeader);
        }

        var verdict = _rules.ByUserAgent(kind, userAgent);
        return verdict.Class == ReaderClass.Human && IsTooSoon(kind, sentAt, nowMs) ? new(ReaderClass.Scanner, ReaderReasons.TooSoon) : verdict;
    }

    /// <summary>The user agent, cut to <see cref="ReaderRules.MaxUserAgent"/>; empty where the request has none.</summary>
    public static string UserAgent(HttpRequest request)
    {
        var userAgent = request.Headers.UserAgent.Count == 0 ? "" : request.Headers.UserAgent[0] ?? "";
        return userAgent.Length > ReaderRules.MaxUserAgent ? userAgent[..ReaderRules.MaxUserAgent] : userAgent;
    }

    /// <summary>
    /// The token holds whole seconds, cut off, so the time counted is rather too long. Before the sending there is no reading: then
    /// the clocks disagree, and the rule says nothing.
    /// </summary>
    private bool IsTooSoon(EventKind kind, uint sentAt, long nowMs)
    {
        var passed = nowMs - (sentAt * 1000L);
        return passed >= 0 && passed < (kind == EventKind.Opened ? _openTooSoonMs : _clickTooSoonMs);
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
