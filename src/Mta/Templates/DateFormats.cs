using System.Globalization;
using System.Text.RegularExpressions;

namespace Delivery.Mta.Templates;

/// <summary>Checks of what the <c>date</c> helper is given in the template.</summary>
internal static partial class DateFormats
{
    private const int MaxFormatLength = 100;

    public static bool IsValid(string format)
    {
        if (format.Length is 0 or > MaxFormatLength)
            return false;
        try
        {
            _ = DateTimeOffset.UnixEpoch.ToString(format, CultureInfo.InvariantCulture);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>"UTC", an offset as in "+02:00", or a name of the machine's time zone table; null when there is none.</summary>
    public static TimeZoneInfo? FindZone(string name)
    {
        if (name is "UTC" or "Z")
            return TimeZoneInfo.Utc;
        if (Offset().IsMatch(name))
        {
            var minutes = int.Parse(name.AsSpan(1, 2), CultureInfo.InvariantCulture) * 60 + int.Parse(name.AsSpan(4, 2), CultureInfo.InvariantCulture);
            return minutes <= 14 * 60
                ? TimeZoneInfo.CreateCustomTimeZone(name, TimeSpan.FromMinutes(name[0] == '-' ? -minutes : minutes), name, name)
                : null;
        }
        return ZoneName().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
    }

    [GeneratedRegex(@"\A[+-][0-9]{2}:[0-5][0-9]\z")]
    private static partial Regex Offset();

    [GeneratedRegex(@"\A[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*\z")]
    private static partial Regex ZoneName();
}
