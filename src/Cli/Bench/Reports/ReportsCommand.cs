using System.CommandLine;

namespace Delivery.Cli.Bench.Reports;

/// <summary><c>delivery bench reports</c>.</summary>
internal static class ReportsCommand
{
    private const string Summary = """
        Measures questions: makes events of a year directly in ClickHouse, then asks every report and every statement of
        docs/sql-cookbook.md, about a large, a middle and a small job. With --folder the data stays; the same command again
        goes on where it was stopped, or only asks.
        """;

    public static Command Create()
    {
        var events = new Option<long>("--events") { Description = "about how many", HelpName = "N", DefaultValueFactory = _ => 1_000_000 };
        var jobs = new Option<int>("--jobs") { Description = "how many", HelpName = "N", DefaultValueFactory = _ => 200 };
        var rounds = new Option<int>("--rounds") { Description = "times that each question is asked, after one that is not counted", HelpName = "N", DefaultValueFactory = _ => 5 };
        var folder = new Option<string?>("--folder", "--data", "--keep") { Description = "where the data stays [default: a folder of its own, removed]", HelpName = "DIR" };
        var json = BenchOptions.Json();
        BenchOptions.Between(events, 10_000, 10_000_000_000);
        BenchOptions.Between(jobs, 25, 10_000);
        BenchOptions.Between(rounds, 1, 1_000);
        var command = new Command("reports", Summary) { events, jobs, rounds, folder, json };
        command.SetAction(parsed => RunAsync(new ReportsOptions
        {
            Events = parsed.GetValue(events),
            Jobs = parsed.GetValue(jobs),
            Rounds = parsed.GetValue(rounds),
            Folder = parsed.GetValue(folder),
            Json = parsed.GetValue(json),
        }));
        return command;
    }

    private static Task<int> RunAsync(ReportsOptions options) => BenchOptions.StoppableAsync((time, stop) =>
        options.Folder is { } folder
            ? MeasureAsync(options, Path.GetFullPath(folder), time, stop)
            : BenchFolder.UseAsync(null, time, own => MeasureAsync(options, own, time, stop), stop.Token));

    private static async Task<int> MeasureAsync(ReportsOptions options, string folder, TimeProvider time, StopSignal stop)
    {
        var result = await new ReportsRun(options, time, stop).RunAsync(folder);
        ReportsText.Write(Spectre.Console.AnsiConsole.Console, result);
        BenchJson.Write(options.Json, result, BenchJson.Default.ReportsResult);
        return result.Reports.Concat(result.Cookbook).All(question => question.Error is null or ReportsRun.NotInThisBuild) ? ExitCodes.Success : ExitCodes.Failure;
    }
}
