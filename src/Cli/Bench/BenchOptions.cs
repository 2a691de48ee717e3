using System.CommandLine;
using System.Globalization;
using Delivery.Cli.Up;

namespace Delivery.Cli.Bench;

/// <summary>What the benchmarks' options have in common.</summary>
internal static class BenchOptions
{
    public static Option<string?> Json()
    {
        var option = new Option<string?>("--json") { Description = "write the result to this file", HelpName = "FILE" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (token.Value.Length == 0 || Path.GetDirectoryName(Path.GetFullPath(token.Value)) is not { } folder || !Directory.Exists(folder)))
                result.AddError($"--json {token.Value}: its folder is not there");
        });
        return option;
    }

    public static Option<string?> Data() => new("--data", "--keep") { Description = "empty folder for spool, stores and logs, kept afterwards [default: one of its own, removed]", HelpName = "DIR" };

    /// <summary>Bounds a whole number. What is no number at all is the parser's to refuse.</summary>
    public static void Between(Option option, long least, long most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && long.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var asked) && (asked < least || asked > most))
            result.AddError($"{option.Name} is {asked}: it is {least} to {most}");
    });

    /// <exception cref="LaunchException">It is no HOST:PORT.</exception>
    public static HostAndPort Address(string option, string text) =>
        HostAndPort.TryParse(text, out var address) ? address : throw new LaunchException($"{option}: '{text}' is not HOST:PORT");

    /// <summary>Runs a benchmark that a signal ends early.</summary>
    public static async Task<int> StoppableAsync(Func<TimeProvider, StopSignal, Task<int>> work)
    {
        using var stop = new StopSignal(TimeProvider.System);
        try
        {
            return await work(TimeProvider.System, stop);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("delivery: stopped");
            return ExitCodes.Failure;
        }
    }
}
