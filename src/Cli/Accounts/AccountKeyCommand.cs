using System.CommandLine;
using Delivery.Contracts.Access;

namespace Delivery.Cli.Accounts;

/// <summary><c>delivery account key</c>.</summary>
internal static class AccountKeyCommand
{
    public static Command Create() => new("key", "The API keys of the accounts.") { Add(), List(), Revoke("revoke") };

    /// <summary>Also <c>delivery account revoke</c>.</summary>
    public static Command Revoke(string name)
    {
        var id = new Argument<string>("id") { HelpName = "ID", Description = "the key's id, as key list has it; a whole key is taken too, but stays in the shell's history" };
        var command = new Command(name, "Revokes a key: within two seconds nobody can use it.") { id };
        command.SetAction(async parsed =>
        {
            AccountKey? key = null;
            await AccountCommand.Store(parsed).ChangeAsync(file => AccountEdits.Revoke(file, parsed.GetRequiredValue(id), TimeProvider.System.GetUtcNow(), out key));
            await Console.Out.WriteLineAsync($"key {key!.Id} is revoked");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Add()
    {
        var account = new Argument<string>("account") { HelpName = "ACCOUNT", Description = "name or number" };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "tells what the key is for" };
        var rights = new Option<string?>("--rights") { HelpName = "LIST", Description = "of submit, read and admin, with commas between, or all [default: submit,read]" };
        var command = new Command("add", "Makes a key and prints it, once, as the only line on stdout.") { account, name, rights };
        command.SetAction(async parsed =>
        {
            if (!RightNames.TryParse(parsed.GetValue(rights) ?? "submit,read", out var given))
                throw new LaunchException($"--rights: '{parsed.GetValue(rights)}' is not 'all', nor of 'submit', 'read' and 'admin' with commas between");
            var label = parsed.GetValue(name) ?? "";
            if (label.Length > 64 || label.Any(char.IsControl))
                throw new LaunchException("--name has at most 64 characters and no control characters");
            NewKey? key = null;
            await AccountCommand.Store(parsed).ChangeAsync(file =>
                AccountEdits.AddKey(file, AccountEdits.Find(file, parsed.GetRequiredValue(account)), label, given, TimeProvider.System.GetUtcNow(), out key));
            await Console.Out.WriteLineAsync(key!.Secret);
            await Console.Error.WriteLineAsync($"delivery: key {key.Kept.Id} may {key.Kept.Rights}; it is shown this once");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command List()
    {
        var account = new Argument<string?>("account") { HelpName = "ACCOUNT", Arity = ArgumentArity.ZeroOrOne, Description = "name or number; without it those of all" };
        var json = new Option<bool>("--json") { Description = "as JSON" };
        var command = new Command("list", "Shows keys, without their secrets.") { account, json };
        command.SetAction(async parsed =>
        {
            var file = AccountCommand.Store(parsed).Read();
            var accounts = parsed.GetValue(account) is { } one ? [AccountEdits.Find(file, one)] : file.Accounts;
            await Console.Out.WriteAsync(parsed.GetValue(json) ? AccountText.Json(accounts) + "\n" : AccountText.Keys(accounts));
            return ExitCodes.Success;
        });
        return command;
    }
}
