using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Delivery.Aggregator.Reports;

/// <summary>A moment, or a day, which stands for its first moment in a time zone that the statement knows.</summary>
/// <param name="Day">Of a calendar; null where a moment was given.</param>
/// <param name="Time">Of a day: midnight of that day in UTC.</param>
internal sealed record ReportMoment(DateOnly? Day, DateTimeOffset Time)
{
    /// <summary>Before it there are no events.</summary>
    public static DateTimeOffset Earliest { get; } = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Takes <c>2026-11-01</c>, and RFC 3339 with an offset or Z, from 2020 to 2100.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ReportMoment? moment)
    {
        moment = null;
        if (text.Length > 16 && text[^6] == ' ')
            text = string.Concat(text.AsSpan(0, text.Length - 6), "+", text.AsSpan(text.Length - 5)); // In a query a plus that was not encoded arrives as a blank.
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            moment = new ReportMoment(day, new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
        else if ((text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10)
            && DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time))
            moment = new ReportMoment(null, time);
        if (moment is not { Time.Year: >= 2020 and <= 2100 })
            moment = null;
        return moment is not null;
    }

    /// <summary>The moment as an expression of ClickHouse, milliseconds exact; it holds digits alone, and names the parameter <c>zone</c> where that counts.</summary>
    public string Sql => Day is { } day
        ? string.Create(CultureInfo.InvariantCulture, $"toDateTime64('{day:yyyy-MM-dd} 00:00:00', 3, {{zone:String}})")
        : string.Create(CultureInfo.InvariantCulture, $"fromUnixTimestamp64Milli(toInt64({Time.ToUnixTimeMilliseconds()}), 'UTC')");
}
