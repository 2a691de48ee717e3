using System.CommandLine;
using Delivery.Cli.Api;

namespace Delivery.Cli.Suppressions;

/// <summary><c>delivery suppressions …</c>: who gets no mail, at the running Mta.</summary>
internal static class SuppressionsCommand
{
    /// <summary>Of an import or export; others take moments.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    public static Command Create()
    {
        var command = new Command("suppressions", "Adds, removes, looks up, imports and exports addresses that get no mail.");
        command.Add(Add());
        command.Add(Remove());
        command.Add(LookUp());
        command.Add(Import());
        command.Add(Export());
        return command;
    }

    private static Command Add()
    {
        var (command, target, address) = One("add", "Suppresses an address.");
        var reason = Reason("manual");
        var list = List("0: all mail");
        command.Add(reason);
        command.Add(list);
        command.SetAction((parsed, cancellation) =>
            SuppressionCalls.AddAsync(target, parsed, parsed.GetRequiredValue(address), parsed.GetValue(reason), parsed.GetValue(list), Console.Out, cancellation));
        return command;
    }

    private static Command Remove()
    {
        var (command, target, address) = One("remove", "Lets an address have mail again.");
        var reason = Reason("any");
        var list = List("any");
        command.Add(reason);
        command.Add(list);
        command.SetAction((parsed, cancellation) => SuppressionCalls.AboutAsync(
            HttpMethod.Delete, target, parsed, parsed.GetRequiredValue(address), parsed.GetValue(reason), parsed.GetValue(list), Console.Out, cancellation));
        return command;
    }

    private static Command LookUp()
    {
        var (command, target, address) = One("look-up", "Tells why an address is suppressed, if it is.");
        command.SetAction((parsed, cancellation) =>
            SuppressionCalls.AboutAsync(HttpMethod.Get, target, parsed, parsed.GetRequiredValue(address), null, null, Console.Out, cancellation));
        return command;
    }

    private static Command Import()
    {
        var command = new Command("import", "Adds suppressions of any number from a file: NDJSON, or CSV with a header; .gz is taken.");
        var target = new ApiTarget();
        var file = new Argument<string>("FILE") { Description = "the file: NAME.csv, NAME.ndjson or NAME.jsonl, each perhaps with .gz" };
        var reason = Reason("manual, for lines that have none");
        var list = List("0: all mail, for lines that have none");
        command.Add(file);
        command.Add(reason);
        command.Add(list);
        target.AddTo(command);
        command.SetAction((parsed, cancellation) => SuppressionCalls.ImportAsync(
            target, Longest, parsed, parsed.GetRequiredValue(file), parsed.GetValue(reason), parsed.GetValue(list), Console.Out, cancellation));
        return command;
    }

    private static Command Export()
    {
        var command = new Command("export", "Writes all suppressions as NDJSON or CSV, in the form that import takes.");
        var target = new ApiTarget();
        var file = new Option<string?>("--to") { HelpName = "FILE", Description = "NAME.csv or NAME.ndjson, replaced when all of it is there [default: NDJSON to standard output]" };
        var reason = Reason("any");
        var list = List("any");
        command.Add(file);
        command.Add(reason);
        command.Add(list);
        target.AddTo(command);
        command.SetAction((parsed, cancellation) =>
            SuppressionCalls.ExportAsync(target, Longest, parsed, parsed.GetValue(file), parsed.GetValue(reason), parsed.GetValue(list), cancellation));
        return command;
    }

    private static (Command Command, ApiTarget Target, Argument<string> Address) One(string name, string summary)
    {
        var command = new Command(name, summary);
        var target = new ApiTarget();
        var address = new Argument<string>("ADDRESS") { Description = "an address, or a recipient key in hex" };
        command.Add(address);
        target.AddTo(command);
        return (command, target, address);
    }

    private static Option<string?> Reason(string otherwise) =>
        new("--reason") { HelpName = "REASON", Description = $"hard_bounce, complaint, unsubscribe, manual or erased [default: {otherwise}]" };

    private static Option<string?> List(string otherwise) =>
        new("--list") { HelpName = "NUMBER", Description = $"the list that it is about [default: {otherwise}]" };
}
