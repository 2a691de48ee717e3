using System.CommandLine;
using System.Globalization;
using Delivery.Cli.Bench.Send;
using Spectre.Console;

namespace Delivery.Cli.Bench.Chunking;

/// <summary><c>delivery bench chunking</c>.</summary>
internal static class ChunkingCommand
{
    private const string Summary = """
        Measures what several messages in flight on one connection are worth: sends to one SMTP server with the whole product, with
        PIPELINING (one message a round trip) and with CHUNKING in turns, directly and through a TCP proxy that makes the way longer.
        Prints messages a second, and messages in one added round trip on one connection.
        """;

    public static Command Create()
    {
        var smtp = new Option<string?>("--smtp") { Description = "an SMTP server with CHUNKING, such as a Postfix of your own [default: a sink of the benchmark's own]", HelpName = "HOST:PORT" };
        var messages = new Option<long>("--messages") { Description = "of each measurement; ten times as many without a delay", HelpName = "N", DefaultValueFactory = _ => 2_000 };
        var size = new Option<int>("--size") { Description = "bytes of a message; the true mean is reported", HelpName = "BYTES", DefaultValueFactory = _ => 5_120 };
        var connections = new Option<int>("--connections") { Description = "SMTP connections", HelpName = "C", DefaultValueFactory = _ => 4 };
        var inFlight = new Option<int>("--in-flight") { Description = "most messages in flight on a connection with CHUNKING", HelpName = "N", DefaultValueFactory = _ => 16 };
        var delays = new Option<string>("--delays") { Description = "milliseconds that a round trip gets longer by, several with commas", HelpName = "MS", DefaultValueFactory = _ => "0,50" };
        var rounds = new Option<int>("--rounds") { Description = "measurements of each, of which the median counts", HelpName = "R", DefaultValueFactory = _ => 3 };
        var json = BenchOptions.Json();
        var data = BenchOptions.Data();
        BenchOptions.Between(messages, 1, 100_000_000);
        BenchOptions.Between(size, 1, SendOptions.MaxSizeBytes);
        BenchOptions.Between(connections, 1, 1_000);
        BenchOptions.Between(inFlight, 1, 1_000);
        BenchOptions.Between(rounds, 1, 99);
        var command = new Command("chunking", Summary) { smtp, messages, size, connections, inFlight, delays, rounds, json, data };
        command.SetAction(parsed => RunAsync(new ChunkingOptions
        {
            Smtp = parsed.GetValue(smtp) is { } server ? BenchOptions.Address("--smtp", server) : null,
            Messages = parsed.GetValue(messages),
            SizeBytes = parsed.GetValue(size),
            Connections = parsed.GetValue(connections),
            InFlight = parsed.GetValue(inFlight),
            DelaysMs = Delays(parsed.GetValue(delays)!),
            Rounds = parsed.GetValue(rounds),
            Json = parsed.GetValue(json),
            Data = parsed.GetValue(data),
        }));
        return command;
    }

    private static Task<int> RunAsync(ChunkingOptions options) => BenchOptions.StoppableAsync((time, stop) =>
        BenchFolder.UseAsync(options.Data, time, async folder =>
        {
            var result = await new ChunkingRun(options, time, stop).RunAsync(folder);
            Write(AnsiConsole.Console, result);
            BenchJson.Write(options.Json, result, BenchJson.Default.ChunkingResult);
            return ExitCodes.Success;
        }, stop.Token));

    private static void Write(IAnsiConsole console, ChunkingResult result)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("delay ms", "", "messages", "messages a second", "a round trip and connection", "CPU µs");
        foreach (var column in (int[])[0, 2, 3, 4, 5])
            table.Columns[column].RightAligned();
        foreach (var row in result.Rows)
        {
            table.AddRow(
                Text($"{row.DelayMs}"), row.Chunking ? "CHUNKING" : "PIPELINING", Text($"{row.Messages:N0}"), Text($"{row.MessagesPerSecond.Median:N0}"),
                row.PerRoundTrip is { } per ? Text($"{per:0.0}") : "", Text($"{row.CpuMicrosecondsPerMessage:N0}"));
        }

        console.Write(table);
        console.WriteLine(Text($"to {result.Server}, {result.SizeBytes:N0} bytes, {result.Connections} connections, {result.InFlight} in flight with CHUNKING, medians of {result.Rounds}"));
        console.WriteLine($"{result.Machine.Cores} cores, {result.Machine.Cpu}, Linux {result.Machine.Kernel}, {result.Machine.Runtime}");
    }

    /// <exception cref="LaunchException">One is no delay.</exception>
    private static int[] Delays(string text) => Array.ConvertAll(text.Split(','), part =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var delay) && delay <= 10_000
            ? delay
            : throw new LaunchException($"--delays: '{part}' is no number of milliseconds from 0 to 10000"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
