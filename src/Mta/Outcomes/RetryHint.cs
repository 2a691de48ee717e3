using System.Globalization;
using System.Text.RegularExpressions;
using Delivery.Contracts.Events;

namespace Delivery.Mta.Outcomes;

/// <summary>Reads how long a peer asks us to wait: <c>Greylisted for 300 seconds</c>, <c>try again in 5 minutes</c>, <c>retry in 00:04:57</c>.</summary>
internal static partial class RetryHint
{
    /// <summary>Only what greylists or limits says such times; a number elsewhere means something else.</summary>
    public static bool TryRead(BounceClass bounceClass, string text, out TimeSpan pause)
    {
        pause = default;
        if (bounceClass is not (BounceClass.Greylisted or BounceClass.RateLimited))
            return false;
        if (Clock().Match(text) is { Success: true } clock)
            return TimeSpan.TryParseExact(clock.Groups[1].ValueSpan, @"hh\:mm\:ss", CultureInfo.InvariantCulture, out pause) && pause > TimeSpan.Zero;
        if (Words().Match(text) is not { Success: true } words)
            return false;
        var number = int.Parse(words.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        pause = words.Groups[2].ValueSpan[0] switch
        {
            'h' or 'H' => TimeSpan.FromHours(number),
            'm' or 'M' => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromSeconds(number),
        };
        return pause > TimeSpan.Zero;
    }

    [GeneratedRegex(@"\b(?:in|after|for|wait)\s+(?:at\s+least\s+)?([0-9]{2}:[0-9]{2}:[0-9]{2})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Clock();

    [GeneratedRegex(@"\b(?:in|after|for|wait|within)\s+(?:at\s+least\s+|about\s+|another\s+)?([0-9]{1,5})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
