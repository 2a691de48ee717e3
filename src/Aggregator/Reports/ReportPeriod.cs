using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Reports;

/// <summary>A span of time on the edges of quarters of an hour, which is what roll-ups tell apart.</summary>
/// <param name="From">The first moment, with the offset of the zone's clocks then.</param>
/// <param name="To">The first moment behind it.</param>
internal sealed record ReportPeriod(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Days of a zone begin when its clocks say so; a moment within a quarter of an hour has the whole of it.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public static async Task<ReportPeriod> ResolveAsync(ClickHouseClient clickHouse, ReportMoment from, ReportMoment to, string zone, CancellationToken cancellation)
    {
        var row = (await clickHouse.RowsAsync(
            $"""
            SELECT toInt64(toUnixTimestamp(toStartOfFifteenMinutes({from.Sql}))) AS from_s, timezoneOffset(toDateTime(from_s, {"{zone:String}"})) AS from_ahead,
                toInt64(toUnixTimestamp(toStartOfFifteenMinutes({to.Sql} + toIntervalMillisecond(899999)))) AS to_s, timezoneOffset(toDateTime(to_s, {"{zone:String}"})) AS to_ahead
            """,
            ReportJson.Default.PeriodRow,
            cancellation,
            ("zone", zone)).ConfigureAwait(false))[0];
        return new ReportPeriod(At(row.FromS, row.FromAhead), At(row.ToS, row.ToAhead));
    }

    private static DateTimeOffset At(long seconds, int ahead) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToOffset(TimeSpan.FromSeconds(ahead));
}

/// <summary>Two moments in seconds since 1970, and how far the zone's clocks are ahead of UTC then.</summary>
internal sealed record PeriodRow(long FromS, int FromAhead, long ToS, int ToAhead);
