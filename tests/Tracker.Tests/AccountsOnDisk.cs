using Delivery.Contracts.Access;
using Delivery.Testing;

namespace Delivery.Tracker.Tests;

/// <summary>An accounts file of a test.</summary>
internal sealed class AccountsOnDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public AccountsOnDisk(params Account[] accounts) => Write(accounts);

    public string Path => _folder.File("accounts.json");

    public string Setting => $"--Access:File={Path}";

    public static Account Shop { get; } = new()
    {
        Id = TrackerHost.Subject.Account,
        Name = "shop",
        DisplayName = new LocalName { En = "Anna's <Shop> & Sons", He = "החנות של \"חנה\"" },
        Lists =
        [
            new MailingList { Id = 3, Name = new LocalName { En = "Weekly <b>offers</b>", He = "מבצעי השבוע" } },
            new MailingList { Id = 9, Name = new LocalName { En = "Recipes" } },
        ],
    };

    /// <summary>As the commands do it: whole, by rename, for its owner alone.</summary>
    public void Write(params Account[] accounts)
    {
        var temporary = _folder.File("accounts.new");
        File.WriteAllBytes(temporary, new AccountsFile { Accounts = accounts }.ToJson());
        File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(temporary, Path, overwrite: true);
    }

    public void Dispose() => _folder.Dispose();
}
