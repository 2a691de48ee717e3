using System.CommandLine;
using Delivery.Contracts.Access;

namespace Delivery.Cli.Accounts;

/// <summary><c>delivery account mailing-list</c>.</summary>
internal static class MailingListCommand
{
    public static Command Create() => new("mailing-list", "The names of an account's lists, as its readers see them on the unsubscribe page.") { Set(), Remove(), List() };

    private static Argument<string> Account() => new("account") { HelpName = "ACCOUNT", Description = "name or number" };

    private static Argument<uint> Number() => new("number") { HelpName = "N", Description = "what jobs give as options.list, from 1" };

    private static Command Set()
    {
        var account = Account();
        var number = Number();
        var en = new Option<string?>("--name") { HelpName = "NAME", Description = "its name in English or any language" };
        var he = new Option<string?>("--name-he") { HelpName = "NAME", Description = "its name in Hebrew" };
        var command = new Command("set", "Names a list. A language that is not given keeps its name.") { account, number, en, he };
        command.SetAction(async parsed =>
        {
            var id = parsed.GetRequiredValue(number);
            if (id is 0 or > int.MaxValue)
                throw new LaunchException($"a list's number is from 1 to {int.MaxValue}");
            var (english, hebrew) = (LocalNames.Given(parsed.GetValue(en), "--name", none: null), LocalNames.Given(parsed.GetValue(he), "--name-he", none: null));
            if (english is null && hebrew is null)
                throw new LaunchException("give --name, --name-he or both");
            await AccountCommand.Store(parsed).ChangeAsync(file =>
            {
                var owner = AccountEdits.Find(file, parsed.GetRequiredValue(account));
                var before = owner.Lists.FirstOrDefault(list => list.Id == id);
                var name = LocalNames.Changed(before?.Name, english, hebrew)!;
                if (ReferenceEquals(before?.Name, name))
                    return file;
                if (before is null && owner.Lists.Count == AccountsFile.MaxLists)
                    throw new LaunchException($"the account '{owner.Name}' has {AccountsFile.MaxLists} lists with names already, and readers can be shown no more");
                var named = new MailingList { Id = id, Name = name };
                IReadOnlyList<MailingList> lists = before is null ? [.. owner.Lists, named] : [.. owner.Lists.Select(list => list.Id == id ? named : list)];
                return AccountEdits.Set(file, owner, owner with { Lists = lists });
            });
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Remove()
    {
        var account = Account();
        var number = Number();
        var command = new Command("remove", "Takes a list's name away: it is no longer offered. Who has left it stays away.") { account, number };
        command.SetAction(async parsed =>
        {
            await AccountCommand.Store(parsed).ChangeAsync(file =>
            {
                var owner = AccountEdits.Find(file, parsed.GetRequiredValue(account));
                var left = owner.Lists.Where(list => list.Id != parsed.GetRequiredValue(number)).ToList();
                return left.Count == owner.Lists.Count ? file : AccountEdits.Set(file, owner, owner with { Lists = left });
            });
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command List()
    {
        var account = Account();
        var command = new Command("list", "Shows the lists that have names.") { account };
        command.SetAction(async parsed =>
        {
            var file = AccountCommand.Store(parsed).Read();
            await Console.Out.WriteAsync(AccountText.Lists(AccountEdits.Find(file, parsed.GetRequiredValue(account))));
            return ExitCodes.Success;
        });
        return command;
    }
}
