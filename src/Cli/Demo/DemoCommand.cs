using System.CommandLine;
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
        recipients.Validators.Add(result =>
        {
            if (result.Errors.Any())
                return;
            var asked = result.GetValueOrDefault<int>();
            if (asked is < 1 or > DemoOptions.MaxRecipients)
                result.AddError($"--recipients is {asked}: the demo sends one job, which holds 1 to {DemoOptions.MaxRecipients} recipients");
        });
        portBase.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int?>() is < 1 or > PortPlan.MaxBase)
                result.AddError($"--port-base is not a port from 1 to {PortPlan.MaxBase}");
        });
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
