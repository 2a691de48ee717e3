using System.Globalization;
using Delivery.Contracts.Access;

namespace Delivery.Cli.Accounts;

/// <summary>What the commands make of an accounts file. Each returns the file itself where nothing changes.</summary>
internal static class AccountEdits
{
    /// <summary>The first account that is given out: 1 is that of the installation's own key.</summary>
    private const uint FirstId = 2;

    /// <summary>By name, or by number where none has it as its name.</summary>
    /// <exception cref="LaunchException">There is none.</exception>
    public static Account Find(AccountsFile file, string nameOrId) =>
        file.Accounts.FirstOrDefault(account => account.Name == nameOrId)
        ?? (uint.TryParse(nameOrId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? file.Accounts.FirstOrDefault(account => account.Id == id) : null)
        ?? throw new LaunchException($"there is no account '{nameOrId}': see delivery account list");

    /// <summary>One of the name that is there already stays as it is where it says the same.</summary>
    /// <exception cref="LaunchException">The name or the number belongs to an account that is not the same.</exception>
    public static AccountsFile Add(AccountsFile file, string name, uint? id, AccountRules rules, out Account account)
    {
        if (file.Accounts.FirstOrDefault(known => known.Name == name) is { } same)
        {
            account = same;
            return (id is null || id == same.Id) && !same.Disabled && ReferenceEquals(rules.ApplyTo(same), same)
                ? file
                : throw new LaunchException($"there is an account '{name}' with other values: change it with delivery account set {name}");
        }

        if (id is { } wanted && file.Accounts.FirstOrDefault(known => known.Id == wanted) is { } holder)
            throw new LaunchException($"--id {wanted} belongs to the account '{holder.Name}'");
        var next = file.Accounts.Count == 0 ? FirstId : Math.Max(FirstId, file.Accounts.Max(known => known.Id) + 1);
        account = rules.ApplyTo(new Account { Id = id ?? next, Name = name });
        return file with { Accounts = [.. file.Accounts, account] };
    }

    public static AccountsFile Set(AccountsFile file, Account account, Account changed) =>
        ReferenceEquals(account, changed) ? file : file with { Accounts = [.. file.Accounts.Select(one => one.Id == account.Id ? changed : one)] };

    /// <exception cref="LaunchException">The account is disabled, or has a key of this name that is not revoked.</exception>
    public static AccountsFile AddKey(AccountsFile file, Account account, string name, Right rights, DateTimeOffset now, out NewKey key)
    {
        if (account.Disabled)
            throw new LaunchException($"the account '{account.Name}' is disabled: delivery account set {account.Name} --enable");
        if (name.Length > 0 && account.Keys.FirstOrDefault(one => one.Name == name && one.Revoked is null) is { } namesake)
            throw new LaunchException($"the account '{account.Name}' has a key named '{name}' ({namesake.Id}): revoke it first, or take another --name");
        key = NewKey.Create(name, rights, file.Accounts.SelectMany(one => one.Keys).Select(one => one.Id).ToHashSet(), now);
        return Set(file, account, account with { Keys = [.. account.Keys, key.Kept] });
    }

    /// <summary>The key's digest goes, its row stays. A key that is revoked stays so.</summary>
    /// <exception cref="LaunchException">There is no such key.</exception>
    public static AccountsFile Revoke(AccountsFile file, string idOrKey, DateTimeOffset now, out AccountKey key)
    {
        var id = NewKey.IdOf(idOrKey);
        var account = file.Accounts.FirstOrDefault(one => one.Keys.Any(known => known.Id == id))
            ?? throw new LaunchException("there is no key of this id: see delivery account key list");
        var found = account.Keys.First(known => known.Id == id);
        key = found;
        if (found.Revoked is not null)
            return file;
        var revoked = found with { Sha256 = null, Revoked = now };
        key = revoked;
        return Set(file, account, account with { Keys = [.. account.Keys.Select(known => known.Id == id ? revoked : known)] });
    }
}
