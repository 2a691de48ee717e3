using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Delivery.Cli.Up;

namespace Delivery.Cli.Demo;

/// <summary><c>delivery demo</c>.</summary>
internal static class DemoCommand
{
    private const string Summary = """
        Sends an example campaign through everything on this machine and shows what its readers did.

        Starts all programs on loopback, submits the campaign over the public API, delivers it over SMTP to a capturing sink, reads
        the captured mail as mail clients would, and prints the report that ClickHouse gives beside what the readers counted.
        Ends with 1 when the two differ.
        """;

    public static Command Create()
    {
        var recipients = new Option<int>("--recipients") { Description = $"how many people get it, at most {DemoOptions.MaxRecipients}", HelpName = "N", DefaultValueFactory = _ => 200 };
        var json = new Option<string?>("--json") { Description = "write the result to this file", HelpName = "FILE" };
        var messages = new Option<string?>("--messages") { Description = "write the delivered messages to this folder (.eml)", HelpName = "DIR" };
        var keep = new Option<bool>("--keep") { Description = "leave everything running until Ctrl-C, to look around" };
        var portBase = new Option<int?>("--port-base") { Description = "first of six ports [default: free ones]", HelpName = "P" };
        recipients.Validators.Add(result => Check(result, DemoOptions.MaxRecipients, $"the demo sends one job, which holds 1 to {DemoOptions.MaxRecipients} recipients"));
        portBase.Validators.Add(result => Check(result, PortPlan.MaxBase, $"it is a port from 1 to {PortPlan.MaxBase}"));
        var command = new Command("demo", Summary) { recipients, json, messages, keep, portBase };
        command.SetAction(parsed => RunAsync(new DemoOptions
        {
            Recipients = parsed.GetValue(recipients),
            Json = parsed.GetValue(json),
            Messages = parsed.GetValue(messages),
            Keep = parsed.GetValue(keep),
            PortBase = parsed.GetValue(portBase),
        }));
        return command;
    }

    /// <summary>What is no number at all is the parser's to refuse.</summary>
    private static void Check(OptionResult result, int highest, string rule)
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var asked)
            && (asked < 1 || asked > highest))
            result.AddError($"{result.Option.Name} is {asked}: {rule}");
    }

    private static async Task<int> RunAsync(DemoOptions options)
    {
        using var stop = new StopSignal(TimeProvider.System);
        try
        {
            return await new DemoRun(options, TimeProvider.System, stop).RunAsync();
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("delivery: stopped");
            return ExitCodes.Failure;
        }
    }
}
