using System.CommandLine;
using System.Globalization;
using Delivery.Cli.Bench.Send;
using Delivery.Cli.Up;

namespace Delivery.Cli.Bench.Compare;

/// <summary><c>delivery bench compare</c>.</summary>
internal static class CompareCommand
{
    private const string Summary = """
        Sends to one smtp-sink, in turns, with a bare socket loop that writes one constant message, with Postfix's smtp-source, and with
        the whole product (bench send), for messages of several sizes. Prints the medians and their ratios as a table (Markdown).
        """;

    public static Command Create()
    {
        var messages = new Option<long>("--messages") { Description = "of each measurement; fewer where they would be over 800 MB", HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var sizes = new Option<string>("--sizes") { Description = "bytes of a message, several with commas", HelpName = "BYTES", DefaultValueFactory = _ => "1024,5120,20480,102400" };
        var connections = new Option<int>("--connections") { Description = "SMTP connections of each sender", HelpName = "C", DefaultValueFactory = _ => SendOptions.DefaultConnections };
        var rounds = new Option<int>("--rounds") { Description = "measurements of each, of which the median counts", HelpName = "R", DefaultValueFactory = _ => CompareOptions.DefaultRounds };
        var warmUp = new Option<int>("--warm-up") { Description = "messages before the clock of bench send starts", HelpName = "M", DefaultValueFactory = _ => SendOptions.DefaultWarmUp };
        var json = BenchOptions.Json();
        var data = BenchOptions.Data();
        BenchOptions.Between(messages, 1, 100_000_000);
        BenchOptions.Between(connections, 1, 1_000);
        BenchOptions.Between(rounds, 1, 99);
        BenchOptions.Between(warmUp, 0, 10_000_000);
        var command = new Command("compare", Summary) { messages, sizes, connections, rounds, warmUp, json, data };
        command.SetAction(parsed => RunAsync(new CompareOptions
        {
            Messages = parsed.GetValue(messages),
            SizesBytes = Sizes(parsed.GetValue(sizes)!),
            Connections = parsed.GetValue(connections),
            Rounds = parsed.GetValue(rounds),
            WarmUp = parsed.GetValue(warmUp),
            Json = parsed.GetValue(json),
            Data = parsed.GetValue(data),
        }));
        return command;
    }

    private static Task<int> RunAsync(CompareOptions options) => BenchOptions.StoppableAsync((time, stop) =>
        BenchFolder.UseAsync(options.Data, time, async folder =>
        {
            var result = await new CompareRun(options, time, stop).RunAsync(folder);
            Console.Out.WriteLine(Markdown(result));
            BenchJson.Write(options.Json ?? BenchJson.ResultFile("send"), result, BenchJson.Default.CompareResult);
            return ExitCodes.Success;
        }, stop.Token));

    private static string Markdown(CompareResult result)
    {
        var lines = new List<string>
        {
            "",
            string.Create(CultureInfo.InvariantCulture, $"Messages a second to one smtp-sink, {result.Connections} connections, medians of {result.Rounds}; {result.Machine.Cores} cores, {result.Machine.Cpu}, Linux {result.Machine.Kernel}, {result.Machine.Runtime}"),
            "",
            "| bytes | messages | bare socket loop | smtp-source | Delivery | of the loop | of smtp-source |",
            "|--:|--:|--:|--:|--:|--:|--:|",
        };
        lines.AddRange(result.Rows.Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.SizeBytes:N0} | {row.Messages:N0} | {row.SocketLoop.Median:N0} | {row.SmtpSource.Median:N0} | {row.Send.Median:N0} | {row.SendToSocketLoop:0.00} | {row.SendToSmtpSource:0.00} |")));
        return string.Join('\n', lines);
    }

    /// <exception cref="LaunchException">One is no size.</exception>
    private static int[] Sizes(string text) => Array.ConvertAll(text.Split(','), part =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= SendOptions.MaxSizeBytes
            ? size
            : throw new LaunchException($"--sizes: '{part}' is no number of bytes from 1 to {SendOptions.MaxSizeBytes}"));
}
