using System.CommandLine;
using System.CommandLine.Parsing;
using Delivery.Cli.Accounts;
using Delivery.Cli.Audit;
using Delivery.Cli.Backup;
using Delivery.Cli.Bench;
using Delivery.Cli.Bounces;
using Delivery.Cli.Demo;
using Delivery.Cli.Jobs;
using Delivery.Cli.Dkim;
using Delivery.Cli.Erase;
using Delivery.Cli.Queue;
using Delivery.Cli.Reclassify;
using Delivery.Cli.Streams;
using Delivery.Cli.Trace;
using Delivery.Cli.Suppressions;
using Delivery.Cli.Up;

namespace Delivery.Cli;

/// <summary>What the operator types after <c>delivery</c>.</summary>
internal static class CommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Delivery sends personalized bulk mail, records what its readers do, and reports it.") { HelpName = "delivery" };
        root.Add(UpCommand.Create());
        root.Add(DemoCommand.Create());
        root.Add(JobCommand.Create());
        root.Add(AccountCommand.Create());
        root.Add(AuditCommand.Create());
        root.Add(BackupCommand.Create());
        root.Add(RestoreCommand.Create());
        root.Add(DkimCommand.Create());
        root.Add(BenchCommand.Create());
        root.Add(QueueCommand.Create());
        root.Add(TraceCommand.Create());
        root.Add(StreamsCommand.Create());
        root.Add(DeadLettersCommand.Create());
        root.Add(SuppressionsCommand.Create());
        root.Add(BouncesCommand.Create());
        root.Add(EraseCommand.Create());
        root.Add(ReclassifyCommand.Create());
        var help = new Command("help", "Shows this text.");
        help.SetAction(async (_, cancellation) => await root.Parse(["--help"]).InvokeAsync(cancellationToken: cancellation));
        root.Add(help);
        root.SetAction(async (_, cancellation) => await root.Parse(["--help"]).InvokeAsync(cancellationToken: cancellation));
        root.Add(new Command("test", "Runs all tests; --quick leaves out those that need Redis, ClickHouse and a mail server."));
        return root;
    }

    /// <summary>Runs one command. Errors are one line on stderr.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter error)
    {
        var parsed = Create().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            await error.WriteLineAsync($"delivery: {parsed.Errors[0].Message.TrimEnd('.')}; see {Name(parsed.CommandResult)} --help");
            return ExitCodes.Usage;
        }

        try
        {
            // The commands handle signals themselves: a clean stop takes longer than the library would wait.
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
        }
        catch (LaunchException e)
        {
            await error.WriteLineAsync("delivery: " + e.Message);
            return e.ExitCode;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            await error.WriteLineAsync("delivery: " + e.Message);
            return ExitCodes.Failure;
        }
    }

    private static string Name(SymbolResult result) =>
        result is CommandResult { Parent: { } parent } command ? $"{Name(parent)} {command.Command.Name}" : "delivery";
}
