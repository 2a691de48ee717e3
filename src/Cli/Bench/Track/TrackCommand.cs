using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Delivery.Cli.Bench.Track;

/// <summary><c>delivery bench track</c>.</summary>
internal static class TrackCommand
{
    private const string Summary = """
        Measures recorded opens and clicks: signed requests of many recipients to a real tracker with a Redis of its own, and to one whose
        Redis is away (no Redis), beside a bare Kestrel that answers the same bytes and nginx's empty_gif (where it is installed), all asked in turns by
        the same generator on this machine. Then (½) at half of the tracker's rate, requests coming whether answers do or not.
        Ends with 1 when Redis, or the journal, does not hold exactly one event for each request.
        """;

    public static Command Create()
    {
        var requests = new Option<long>("--requests") { Description = "of each endpoint", HelpName = "N", DefaultValueFactory = _ => 200_000 };
        var connections = new Option<int>("--connections") { Description = "kept connections, one request at a time on each", HelpName = "C", DefaultValueFactory = _ => 64 };
        var warmUp = new Option<int>("--warm-up") { Description = "requests of each endpoint before its clock starts", HelpName = "M", DefaultValueFactory = _ => 20_000 };
        var rounds = new Option<int>("--rounds") { Description = "how often all are measured, in turns; medians are shown", HelpName = "R", DefaultValueFactory = _ => 3 };
        var json = BenchOptions.Json();
        var data = BenchOptions.Data();
        BenchOptions.Between(requests, 1, 50_000_000);
        BenchOptions.Between(connections, 1, 4_000);
        BenchOptions.Between(warmUp, 0, 10_000_000);
        BenchOptions.Between(rounds, 1, 99);
        var command = new Command("track", Summary) { requests, connections, warmUp, rounds, json, data };
        command.SetAction(parsed => RunAsync(new TrackOptions
        {
            Requests = parsed.GetValue(requests),
            Connections = parsed.GetValue(connections),
            WarmUp = parsed.GetValue(warmUp),
            Rounds = parsed.GetValue(rounds),
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
            if ((result.RecordedOpens, result.RecordedClicks, result.Journaled) == (result.ExpectedOpens, result.ExpectedClicks, result.ExpectedJournaled))
                return ExitCodes.Success;
            await Console.Error.WriteLineAsync(
                $"delivery: Redis holds {result.RecordedOpens} opens and {result.RecordedClicks} clicks, the journal of the other tracker {result.Journaled} events, where {result.ExpectedOpens}, {result.ExpectedClicks} and {result.ExpectedJournaled} were asked for");
            return ExitCodes.Failure;
        }, stop.Token));

    private static void Write(IAnsiConsole console, TrackResult result)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("", "requests a second", "p50 µs", "p99 µs", "CPU µs each", "Redis µs", "bytes");
        for (var i = 1; i < table.Columns.Count; i++)
            table.Columns[i].RightAligned();
        foreach (var row in result.Rows)
            table.AddRow(row.Name, Text($"{row.RequestsPerSecond:N0}"), Text($"{row.P50Microseconds:N0}"), Text($"{row.P99Microseconds:N0}"), Text($"{row.CpuMicroseconds:0.0}"), Text($"{row.RedisMicroseconds:0.0}"), Text($"{row.AnswerBytes}"));
        console.Write(table);
        if (result.Rows.All(row => !row.Name.StartsWith("nginx", StringComparison.Ordinal)))
            console.WriteLine("nginx: not installed");
        console.WriteLine(Text($"of bare Kestrel, in the same round: opens {result.OpensOfBare:0.00}, clicks {result.ClicksOfBare:0.00} (medians of {result.Rounds})"));
        console.WriteLine(Text($"recorded: {result.RecordedOpens:N0} opens, {result.RecordedClicks:N0} clicks, {result.Journaled:N0} in the journal alone"));
        console.WriteLine($"{result.Machine.Cores} cores, {result.Machine.Cpu}, Linux {result.Machine.Kernel}, {result.Machine.Runtime}; {result.Connections} connections");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
