using System.CommandLine;
using Delivery.Cli.Up;
using Delivery.Contracts.Access;

namespace Delivery.Cli.Accounts;

/// <summary><c>delivery account</c>: who may call the APIs, and what for.</summary>
internal static class AccountCommand
{
    private const string Summary = """
        Accounts and their API keys, in the accounts file of an installation.

        Works whether the programs run or not; they follow the file within two seconds. A key is shown once, when it is made: the
        file holds only its SHA-256.
        """;

    private static readonly Option<string?> Data = new("--data")
    {
        Recursive = true, HelpName = "DIR", Description = $"data folder of the installation, whose {DataFolder.AccountsFile} it is [default: {UpSetting.Data.Variable}, else .delivery beside the program]",
    };

    private static readonly Option<string?> File = new("--file") { Recursive = true, HelpName = "FILE", Description = "the accounts file itself, where Access:File names another" };

    public static Command Create()
    {
        var account = new Command("account", Summary) { Add(), List(), Set(), Remove(), AccountKeyCommand.Create(), MailingListCommand.Create(), AccountKeyCommand.Revoke("revoke") };
        account.Add(Data);
        account.Add(File);
        return account;
    }

    /// <summary>The accounts file that a call is about.</summary>
    internal static AccountStore Store(ParseResult parsed) => new(
        parsed.GetValue(File) ?? Path.Combine(
            parsed.GetValue(Data) ?? (Environment.GetEnvironmentVariable(UpSetting.Data.Variable) is { Length: > 0 } data ? data : Path.Combine(Programs.Root, ".delivery")),
            DataFolder.AccountsFile),
        TimeProvider.System);

    private static Command Add()
    {
        var name = new Argument<string>("name") { HelpName = "NAME" };
        var id = new Option<uint?>("--id") { HelpName = "N", Description = "its number in reports and tables, from 1 [default: the next free one from 2; 1 is the account of up's own key]" };
        var command = new Command("add", "Makes an account. It has no key yet: account key add.") { name, id };
        var rules = AccountRules.AddTo(command, canEnable: false);
        command.SetAction(async parsed =>
        {
            var text = Name(parsed.GetRequiredValue(name));
            Account? account = null;
            await Store(parsed).ChangeAsync(file => AccountEdits.Add(file, text, parsed.GetValue(id), rules(parsed), out account));
            await Console.Out.WriteLineAsync($"account {account!.Id} {account.Name}");
            if (account.FromDomains.Count == 0)
                await Console.Error.WriteLineAsync("delivery: it may send from any domain, signed where that has a DKIM key; account set --from-domain limits it");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "as JSON" };
        var command = new Command("list", "Shows all accounts.") { json };
        command.SetAction(async parsed =>
        {
            var file = Store(parsed).Read();
            await Console.Out.WriteAsync(parsed.GetValue(json) ? AccountText.Json(file.Accounts) + "\n" : AccountText.Accounts(file));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Set()
    {
        var name = new Argument<string>("account") { HelpName = "ACCOUNT", Description = "name or number" };
        var command = new Command("set", "Changes what an account may do. What is not named stays.") { name };
        var rules = AccountRules.AddTo(command, canEnable: true);
        command.SetAction(async parsed =>
        {
            Account? changed = null;
            await Store(parsed).ChangeAsync(file =>
            {
                var account = AccountEdits.Find(file, parsed.GetRequiredValue(name));
                changed = rules(parsed).ApplyTo(account);
                return AccountEdits.Set(file, account, changed);
            });
            await Console.Out.WriteAsync(AccountText.Accounts(new AccountsFile { Accounts = [changed!] }));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Remove()
    {
        var name = new Argument<string>("account") { HelpName = "ACCOUNT", Description = "name or number" };
        var command = new Command("remove", "Disables an account: none of its keys is known any more. Its number is not given again; account set --enable takes it back.") { name };
        command.SetAction(async parsed =>
        {
            Account? account = null;
            await Store(parsed).ChangeAsync(file =>
            {
                account = AccountEdits.Find(file, parsed.GetRequiredValue(name));
                return AccountEdits.Set(file, account, account.Disabled ? account : account with { Disabled = true });
            });
            await Console.Out.WriteLineAsync($"account {account!.Id} {account.Name} is disabled; jobs that it handed in are still sent");
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Name(string name) =>
        name.Length is >= 1 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && !name.All(char.IsAsciiDigit)
            ? name
            : throw new LaunchException("an account's name has 1 to 64 letters, digits, '-', '_' or '.', not digits alone");
}
