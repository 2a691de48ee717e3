namespace Delivery.Cli.Bench.Rollup;

/// <summary>Watches the raw table and the roll-ups until they hold what they should.</summary>
internal sealed class RowFollower(ClickHouseSql sql, long events, long clicks, string counts, TimeProvider time)
{
    private long _firstRows;
    private long _firstSeen;

    public long Rows { get; private set; }

    public long RolledUp { get; private set; }

    public long Clicks { get; private set; }

    /// <summary>Timestamp of the look that saw everything.</summary>
    public long End { get; private set; }

    /// <summary>Rows a second after the first that were seen.</summary>
    public double? SteadyPerSecond => _firstRows < events && time.GetElapsedTime(_firstSeen, End).TotalSeconds is > 0 and var seconds ? (events - _firstRows) / seconds : null;

    /// <exception cref="LaunchException">Nothing moved for as long as <paramref name="patience"/>.</exception>
    public async Task FollowAsync(TimeSpan poll, TimeSpan patience, CancellationToken stop)
    {
        var moved = time.GetTimestamp();
        while (true)
        {
            var row = await sql.AskAsync(counts, stop);
            var now = time.GetTimestamp();
            if (row[0] != Rows)
                moved = now;
            (Rows, RolledUp, Clicks) = (row[0], row[1], row[2]);
            if (_firstSeen == 0 && Rows > 0)
                (_firstRows, _firstSeen) = (Rows, now);
            if (Rows == events && RolledUp == events && Clicks == clicks)
            {
                End = now;
                return;
            }

            if (time.GetElapsedTime(moved, now) > patience || Rows > events)
                throw new LaunchException($"of {events} events {Rows} are rows and {RolledUp} in the roll-up; of {clicks} clicks {Clicks}", ExitCodes.Failure);
            await Task.Delay(poll, time, stop);
        }
    }
}
