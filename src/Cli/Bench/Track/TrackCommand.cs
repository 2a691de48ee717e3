using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Delivery.Cli.Bench.Track;

/// <summary><c>delivery bench track</c>.</summary>
internal static class TrackCommand
{
    private const string Summary = """
        Measures recorded opens and clicks: signed requests of many recipients to a real tracker with a Redis of its own, beside a bare
        Kestrel that answers the same bytes and nginx's empty_gif (where it is installed), all asked by the same generator on this machine.
        Ends with 1 when Redis does not hold exactly one event for each request.
        """;

    public static Command Create()
    {
        var requests = new Option<long>("--requests") { Description = "of each endpoint", HelpName = "N", DefaultValueFactory = _ => 200_000 };
        var connections = new Option<int>("--connections") { Description = "kept connections, one request at a time on each", HelpName = "C", DefaultValueFactory = _ => 64 };
        var warmUp = new Option<int>("--warm-up") { Description = "requests of each endpoint before its clock starts", HelpName = "M", DefaultValueFactory = _ => 20_000 };
        var json = BenchOptions.Json();
        var data = BenchOptions.Data();
        BenchOptions.Between(requests, 1, 50_000_000);
        BenchOptions.Between(connections, 1, 4_000);
        BenchOptions.Between(warmUp, 0, 10_000_000);
        var command = new Command("track", Summary) { requests, connections, warmUp, json, data };
        command.SetAction(parsed => RunAsync(new TrackOptions
        {
            Requests = parsed.GetValue(requests),
            Connections = parsed.GetValue(connections),
            WarmUp = parsed.GetValue(warmUp),
            Json = parsed.GetValue(json),
            Data = parsed.GetValue(data),
        }));
        return command;
    }

    private static Task<int> RunAsync(TrackOptions options) => BenchOptions.StoppableAsync((time, stop) =>
        BenchFolder.UseAsync(options.Data, time, async folder =>
        {
            var result = await new TrackRun(options, time, stop).RunAsync(folder);
            Write(AnsiConsole.Console, result);
            BenchJson.Write(options.Json, result, BenchJson.Default.TrackResult);
            if ((result.RecordedOpens, result.RecordedClicks) == (result.ExpectedOpens, result.ExpectedClicks))
                return ExitCodes.Success;
            await Console.Error.WriteLineAsync(
                $"delivery: Redis holds {result.RecordedOpens} opens and {result.RecordedClicks} clicks where {result.ExpectedOpens} and {result.ExpectedClicks} were asked for");
            return ExitCodes.Failure;
        }, stop.Token));

    private static void Write(IAnsiConsole console, TrackResult result)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("", "requests a second", "p50 µs", "p99 µs", "bytes");
        for (var i = 1; i < table.Columns.Count; i++)
            table.Columns[i].RightAligned();
        foreach (var row in result.Rows)
            table.AddRow(row.Name, Text($"{row.RequestsPerSecond:N0}"), Text($"{row.P50Microseconds:N0}"), Text($"{row.P99Microseconds:N0}"), Text($"{row.AnswerBytes}"));
        console.Write(table);
        if (result.Rows.All(row => !row.Name.StartsWith("nginx", StringComparison.Ordinal)))
            console.WriteLine("nginx: not installed");
        console.WriteLine(Text($"recorded: {result.RecordedOpens:N0} opens, {result.RecordedClicks:N0} clicks; CPU seconds: {string.Join(", ", result.CpuSeconds.Select(part => Text($"{part.Key} {part.Value:0.00}")))}"));
        console.WriteLine($"{result.Machine.Cores} cores, {result.Machine.Cpu}, Linux {result.Machine.Kernel}, {result.Machine.Runtime}; {result.Connections} connections");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
