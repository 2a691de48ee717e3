using System.Text.Json;
using Delivery.Contracts.Access;
using Delivery.Testing;

namespace Delivery.Cli.Tests.Accounts;

public sealed class AccountCommandTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TemporaryFolder _folder = new();

    private string AccountsFilePath => _folder.File("data/accounts.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_is_made_used_and_revoked_and_its_secret_is_nowhere_but_in_the_one_line()
    {
        Assert.Equal("account 2 shop\n", (await OkAsync("add", "shop", "--from-domain", "Shop.example", "--from-domain", "*.bücher.example", "--max-jobs", "3")).Output);
        var made = await OkAsync("key", "add", "shop", "--name", "crm", "--rights", "submit");
        var secret = made.Output.TrimEnd('\n');
        var table = new ApiKeyTable(new ApiKeyOptions { File = AccountsFilePath });

        Assert.Matches("^dlv_[0-9a-f]{8}_[0-9a-f]{48}$", secret);
        Assert.True(table.TryAuthenticate("Bearer " + secret, out var account, out var rights));
        Assert.Equal((2u, Right.Submit), (account, rights));
        Assert.Equal(["shop.example", "*.xn--bcher-kva.example"], table.Find(2)!.FromDomains);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(AccountsFilePath));
        var file = await File.ReadAllTextAsync(AccountsFilePath);
        var digest = AccountsFile.Load(AccountsFilePath).Accounts[0].Keys[0].Sha256!;
        var id = secret.Split('_')[1];
        var lists = (await OkAsync("list")).Output + (await OkAsync("list", "--json")).Output + (await OkAsync("key", "list", "shop")).Output + (await OkAsync("key", "list", "--json")).Output;
        Assert.Contains(id, lists, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[13..], lists + made.Error + file, StringComparison.Ordinal);
        Assert.DoesNotContain(digest, lists + made.Error, StringComparison.Ordinal);

        await OkAsync("revoke", id);
        await OkAsync("key", "revoke", secret);
        Assert.False(new ApiKeyTable(new ApiKeyOptions { File = AccountsFilePath }).TryAuthenticate("Bearer " + secret, out _, out _));
        Assert.Contains("revoked", (await OkAsync("key", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_named_stays_and_the_same_again_changes_nothing()
    {
        await OkAsync("add", "shop", "--max-recipients-per-day", "100", "--from-domain", "a.example");
        var written = await File.ReadAllBytesAsync(AccountsFilePath);
        await OkAsync("add", "shop", "--max-recipients-per-day", "100", "--from-domain", "a.example");
        await OkAsync("set", "2", "--from-domain", "a.example");
        Assert.Equal(written, await File.ReadAllBytesAsync(AccountsFilePath));

        await OkAsync("set", "shop", "--from-domain", "b.example", "--max-jobs", "4");
        Assert.Equal(("b.example", 100L, 4), State("shop"));
        await OkAsync("set", "shop", "--from-domain", "any", "--max-recipients-per-day", "none");
        Assert.Equal(("", null, 4), State("shop"));
        await OkAsync("remove", "shop");
        await OkAsync("remove", "shop");
        Assert.True(AccountsFile.Load(AccountsFilePath).Accounts[0].Disabled);
        Assert.Equal("account 3 other\n", (await OkAsync("add", "other")).Output);
        await OkAsync("set", "shop", "--enable");
        Assert.False(AccountsFile.Load(AccountsFilePath).Accounts[0].Disabled);
        using var json = JsonDocument.Parse((await OkAsync("list", "--json")).Output);
        Assert.Equal(2, json.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task What_readers_see_of_an_account_is_set_shown_and_taken_away()
    {
        await OkAsync("add", "shop", "--tracking-url", "https://Links.Bücher.example/", "--display-name", "The Shop");
        await OkAsync("add", "shop", "--tracking-url", "https://links.bücher.example", "--display-name", "The Shop");
        await OkAsync("set", "shop", "--display-name-he", "החנות");
        await OkAsync("mailing-list", "set", "shop", "3", "--name", "Weekly offers");
        await OkAsync("mailing-list", "set", "2", "3", "--name-he", "מבצעי השבוע");
        await OkAsync("mailing-list", "set", "shop", "4", "--name", "Recipes");
        var account = AccountsFile.Load(AccountsFilePath).Accounts[0];
        Assert.Equal("https://links.xn--bcher-kva.example", account.TrackingUrl);
        Assert.Equal(new LocalName { En = "The Shop", He = "החנות" }, account.DisplayName);
        Assert.Equal(new MailingList { Id = 3, Name = new LocalName { En = "Weekly offers", He = "מבצעי השבוע" } }, account.Lists[0]);
        Assert.Contains("https://links.xn--bcher-kva.example", (await OkAsync("list")).Output, StringComparison.Ordinal);
        Assert.Equal("list  name           name-he\n3     Weekly offers  מבצעי השבוע\n4     Recipes\n", (await OkAsync("mailing-list", "list", "shop")).Output);

        await OkAsync("mailing-list", "remove", "shop", "3");
        await OkAsync("mailing-list", "remove", "shop", "3");
        await OkAsync("set", "shop", "--tracking-url", "none", "--display-name", "none");
        account = AccountsFile.Load(AccountsFilePath).Accounts[0];
        Assert.Null(account.TrackingUrl);
        Assert.Equal(new LocalName { He = "החנות" }, account.DisplayName);
        Assert.Equal(4u, Assert.Single(account.Lists).Id);
        await OkAsync("set", "shop", "--display-name-he", "none");
        Assert.Null(AccountsFile.Load(AccountsFilePath).Accounts[0].DisplayName);

        await OkAsync("set", "shop", "--tracking-url", "https://links.shop.example:8443");
        await RefusedAsync("another account", "add", "other", "--tracking-url", "http://LINKS.shop.example");
        await RefusedAsync("--tracking-url", "set", "shop", "--tracking-url", "links.shop.example");
        await RefusedAsync("--tracking-url", "set", "shop", "--tracking-url", "https://links.shop.example/a");
        await RefusedAsync("--display-name", "set", "shop", "--display-name", " ");
        await RefusedAsync("--name", "mailing-list", "set", "shop", "5");
        await RefusedAsync("number", "mailing-list", "set", "shop", "0", "--name", "x");
        await RefusedAsync("no account 'who'", "mailing-list", "list", "who");
    }

    [Fact]
    public async Task A_time_zone_is_set_shown_and_taken_away()
    {
        await OkAsync("add", "shop", "--time-zone", "Europe/Berlin");
        await OkAsync("add", "shop", "--time-zone", "Europe/Berlin");
        Assert.Equal("Europe/Berlin", AccountsFile.Load(AccountsFilePath).Accounts[0].TimeZone);
        Assert.Contains("Europe/Berlin", (await OkAsync("list")).Output, StringComparison.Ordinal);
        await OkAsync("set", "shop", "--time-zone", "Asia/Kolkata");
        await RefusedAsync("'Mars/Base'", "set", "shop", "--time-zone", "Mars/Base");
        await RefusedAsync("--time-zone", "set", "shop", "--time-zone", "../etc");
        await OkAsync("set", "shop", "--max-jobs", "3");
        Assert.Equal("Asia/Kolkata", AccountsFile.Load(AccountsFilePath).Accounts[0].TimeZone);
        await OkAsync("set", "shop", "--time-zone", "none");
        Assert.Null(AccountsFile.Load(AccountsFilePath).Accounts[0].TimeZone);
    }

    [Fact]
    public async Task What_does_not_fit_is_one_line_and_leaves_the_file_as_it_was()
    {
        await OkAsync("add", "shop");
        var key = (await OkAsync("key", "add", "shop", "--name", "crm")).Output.Trim();
        var written = await File.ReadAllBytesAsync(AccountsFilePath);

        await RefusedAsync("other values", "add", "shop", "--max-jobs", "1");
        await RefusedAsync("--id 2", "add", "new", "--id", "2");
        await RefusedAsync("name", "add", "a b");
        await RefusedAsync("name", "add", "12");
        await RefusedAsync("no account 'who'", "set", "who", "--max-jobs", "1");
        await RefusedAsync("--max-jobs", "set", "shop", "--max-jobs", "-3");
        await RefusedAsync("--from-domain", "set", "shop", "--from-domain", "*");
        await RefusedAsync("--from-domain", "set", "shop", "--from-domain", "a@b.example");
        await RefusedAsync("--rights", "key", "add", "shop", "--rights", "submit,write");
        await RefusedAsync("named 'crm'", "key", "add", "shop", "--name", "crm");
        await RefusedAsync("no key", "revoke", "ffffffff0");
        Assert.Equal(written, await File.ReadAllBytesAsync(AccountsFilePath));
        Assert.Equal(61, key.Length);
    }

    [Fact]
    public async Task A_file_that_others_can_read_is_refused_and_not_mended_behind_the_operator_s_back()
    {
        await OkAsync("add", "shop");
        File.SetUnixFileMode(AccountsFilePath, OwnerOnly | UnixFileMode.OtherRead);

        await RefusedAsync("chmod 600", "list");
        await RefusedAsync("chmod 600", "key", "add", "shop");
        Assert.Equal(OwnerOnly | UnixFileMode.OtherRead, File.GetUnixFileMode(AccountsFilePath));
    }

    [Fact]
    public async Task Commands_at_the_same_time_lose_nothing_of_one_another()
    {
        await OkAsync("add", "shop");

        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => OkAsync("key", "add", "shop", "--name", $"k{n}")));

        Assert.Equal(6, AccountsFile.Load(AccountsFilePath).Accounts[0].Keys.Count);
        Assert.Equal(6, made.Select(one => one.Output).Distinct().Count());
        Assert.Equal(["accounts.json", "accounts.json.lock"], Directory.GetFiles(_folder.File("data")).Select(Path.GetFileName).Order());
    }

    private (string Domains, long? Day, int? Jobs) State(string name)
    {
        var account = AccountsFile.Load(AccountsFilePath).Accounts.Single(account => account.Name == name);
        return (string.Join(',', account.FromDomains), account.MaxRecipientsPerDay, account.MaxJobs);
    }

    private async Task<(string Output, string Error)> OkAsync(params string[] arguments)
    {
        var (code, output, error) = await CliRun.RunAsync(["account", .. arguments, "--data", _folder.File("data")]);
        Assert.True(code == 0, $"{string.Join(' ', arguments)} ended with {code}: {error}");
        return (output, error);
    }

    private async Task RefusedAsync(string words, params string[] arguments)
    {
        var (code, output, error) = await CliRun.RunAsync(["account", .. arguments, "--data", _folder.File("data")]);
        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(words, line, StringComparison.Ordinal);
    }
}
