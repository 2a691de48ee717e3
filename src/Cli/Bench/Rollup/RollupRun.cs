using Delivery.Cli.Demo;
using Delivery.Contracts.Events;
using Spectre.Console;

namespace Delivery.Cli.Bench.Rollup;

/// <summary>One measurement of the aggregator: fill a stream, start it, follow the rows, and insert the same rows without it.</summary>
internal sealed class RollupRun(RollupOptions options, TimeProvider time, StopSignal stop)
{
    /// <summary>Rows of one insert, the aggregator's own default.</summary>
    private const int BlockRows = 100_000;

    private const int WarmUpRows = 1_000;
    private const string Columns = EventRow.PrefixColumns + ", " + EventRow.BodyColumns;
    private const string Counts = """
        SELECT (SELECT count() FROM delivery.events), (SELECT sum(events) FROM delivery.events_by_job), (SELECT sum(clicks) FROM delivery.clicks_by_link) FORMAT TSV
        """;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly StepProgress _steps = new(AnsiConsole.Console, time);

    public async Task<RollupResult> RunAsync(string folder)
    {
        await using var programs = BenchPrograms.Open(folder, null, new Dictionary<string, string>(), "8gb", time);
        stop.AtOnce = programs.Kill;
        var events = new RollupEvents(options.Events, options.Packed, time.GetUtcNow().ToUnixTimeMilliseconds());
        await _steps.RunAsync("Starting Redis and the engine", 1, () => 0, () => programs.StartAsync(stop.Token, BenchPrograms.Redis, BenchPrograms.Engine));
        using var marks = await EventMarks.ConnectAsync(programs.Addresses.Redis);
        var filled = 0L;
        await _steps.RunAsync("Filling the stream", options.Events, () => Interlocked.Read(ref filled), async () =>
        {
            await events.FillAsync(marks.Database, EventMarks.Names, done => Interlocked.Exchange(ref filled, done), stop.Token);
            filled = options.Events;
        });

        using var sql = new ClickHouseSql(programs.Addresses.ClickHouse);
        var (redis, engine) = (programs.Usage(BenchPrograms.Redis), programs.Usage(BenchPrograms.Engine));
        var follower = new RowFollower(sql, options.Events, events.Clicks, Counts, time);
        var begin = time.GetTimestamp();
        var ready = begin;
        await _steps.RunAsync("Aggregating", options.Events, () => follower.Rows, async () =>
        {
            await programs.StartAsync(stop.Token, BenchPrograms.Aggregator);
            ready = time.GetTimestamp();
            await follower.FollowAsync(Poll, Patience, stop.Token);
        });
        var seconds = Seconds(begin, follower.End);
        var aggregator = programs.Usage(BenchPrograms.Aggregator);
        var cpu = new Dictionary<string, double>
        {
            ["aggregator"] = aggregator.CpuSeconds,
            ["clickhouse"] = Math.Round(programs.Usage(BenchPrograms.Engine).CpuSeconds - engine.CpuSeconds, 2),
            ["redis"] = Math.Round(programs.Usage(BenchPrograms.Redis).CpuSeconds - redis.CpuSeconds, 2),
        };

        await sql.AskAsync("CREATE TABLE delivery.bench_plain AS delivery.events", stop.Token);
        var plain = await InsertAsync("without views", "delivery.bench_plain", sql, events);
        var viewed = await InsertAsync("with views", "delivery.events", sql, events);
        return new RollupResult
        {
            Events = options.Events,
            Packed = options.Packed,
            EventsPerSecond = Math.Round(options.Events / seconds, 1),
            Seconds = seconds,
            StartSeconds = Seconds(begin, ready),
            SteadyEventsPerSecond = follower.SteadyPerSecond is { } steady ? Math.Round(steady, 1) : null,
            RawRows = follower.Rows,
            RolledUpEvents = follower.RolledUp,
            RolledUpClicks = follower.Clicks,
            ExpectedClicks = events.Clicks,
            PlainInsertPerSecond = plain,
            InsertWithViewsPerSecond = viewed,
            CpuSeconds = cpu,
            AggregatorPeakRssBytes = aggregator.PeakRssBytes,
            Machine = MachineFigures.Read(),
        };
    }

    /// <returns>Rows a second; making the blocks is not in the time.</returns>
    private async Task<double> InsertAsync(string name, string table, ClickHouseSql sql, RollupEvents events)
    {
        var spent = TimeSpan.Zero;
        await _steps.RunAsync($"Inserting {name}", 1, () => 0, async () =>
        {
            // The first insert into a table, and the first of a form, is slower.
            await sql.InsertAsync(table, Columns, events.Rows(0, Math.Min(options.Events, WarmUpRows), RollupEvents.Producer + 1), stop.Token);
            for (var first = 0L; first < options.Events; first += BlockRows)
            {
                var rows = events.Rows(first, Math.Min(options.Events, first + BlockRows), RollupEvents.Producer + 2);
                var begin = time.GetTimestamp();
                await sql.InsertAsync(table, Columns, rows, stop.Token);
                spent += time.GetElapsedTime(begin);
            }
        });
        return Math.Round(options.Events / spent.TotalSeconds, 1);
    }

    private double Seconds(long from, long to) => Math.Round(time.GetElapsedTime(from, to).TotalSeconds, 3);
}
