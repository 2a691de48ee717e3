using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Delivery.Cli.Bench.Rollup;

/// <summary><c>delivery bench rollup</c>.</summary>
internal static class RollupCommand
{
    private const string Summary = """
        Measures the aggregator: fills a Redis stream, starts the aggregator with the embedded ClickHouse engine, and takes the time until
        every event is a row and in every roll-up; then inserts the same rows directly, without and with the views that feed the roll-ups.
        """;

    public static Command Create()
    {
        var events = new Option<long>("--events") { Description = "how many", HelpName = "N", DefaultValueFactory = _ => 1_000_000 };
        var packed = new Option<int>("--packed") { Description = "events of one stream entry", HelpName = "K", DefaultValueFactory = _ => 200 };
        var json = BenchOptions.Json();
        var data = BenchOptions.Data();
        BenchOptions.Between(events, 1, 50_000_000);
        BenchOptions.Between(packed, 1, 2_000);
        var command = new Command("rollup", Summary) { events, packed, json, data };
        command.SetAction(parsed => RunAsync(new RollupOptions
        {
            Events = parsed.GetValue(events),
            Packed = parsed.GetValue(packed),
            Json = parsed.GetValue(json),
            Data = parsed.GetValue(data),
        }));
        return command;
    }

    private static Task<int> RunAsync(RollupOptions options) => BenchOptions.StoppableAsync((time, stop) =>
        BenchFolder.UseAsync(options.Data, time, async folder =>
        {
            var result = await new RollupRun(options, time, stop).RunAsync(folder);
            Write(AnsiConsole.Console, result);
            BenchJson.Write(options.Json, result, BenchJson.Default.RollupResult);
            return ExitCodes.Success;
        }, stop.Token));

    private static void Write(IAnsiConsole console, RollupResult result)
    {
        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = false };
        table.AddColumns("", "");
        table.Columns[1].RightAligned();
        Row(table, "events", $"{result.Events:N0} in entries of {result.Packed}");
        Row(table, "until all are counted", $"{result.Seconds:0.000} s, {result.StartSeconds:0.000} s of them the start");
        Row(table, "events a second", $"{result.EventsPerSecond:N0}");
        if (result.SteadyEventsPerSecond is { } steady)
            Row(table, "after the first batch", $"{steady:N0}");
        Row(table, "rows a second, plain insert", $"{result.PlainInsertPerSecond:N0}");
        Row(table, "rows a second, with views", $"{result.InsertWithViewsPerSecond:N0}");
        Row(table, "CPU seconds", $"{string.Join(", ", result.CpuSeconds.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Key} {part.Value:0.00}")))}");
        console.Write(table);
        console.WriteLine($"{result.Machine.Cores} cores, {result.Machine.Cpu}, Linux {result.Machine.Kernel}, {result.Machine.Runtime}");
    }

    private static void Row(Table table, string name, FormattableString text) =>
        table.AddRow(name, text.ToString(CultureInfo.InvariantCulture));
}
