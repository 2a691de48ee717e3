using System.Security.Cryptography;
using System.Text;
using Delivery.Contracts.Access;
using Delivery.Contracts.Settings;
using Delivery.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Delivery.Contracts.Tests.Access;

public sealed class AccountsFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Secret = "dlv_00000001_0123456789abcdef";
    private static readonly DateTime Later = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("accounts.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_again()
    {
        var written = new AccountsFile
        {
            Accounts =
            [
                new Account { Id = 2, Name = "shop", FromDomains = ["a.example", "*.b.example"], MaxJobs = 3, MaxRecipientsPerDay = 0, Keys = [Key("a", Secret, "submit,read")] },
                new Account
                {
                    Id = 3, Name = "known", TrackingUrl = "https://links.shop.example:8443", TimeZone = "America/Argentina/Buenos_Aires", DisplayName = new LocalName { He = "חנות" },
                    Lists = [new MailingList { Id = 4, Name = new LocalName { En = "News" } }],
                },
                new Account { Id = 9, Name = "gone", Disabled = true, Keys = [new AccountKey { Id = "b", Name = "old", Rights = "admin", Revoked = DateTimeOffset.UnixEpoch }] },
            ],
        };

        var read = AccountsFile.Parse(written.ToJson(), "x");

        Assert.Equal(Encoding.UTF8.GetString(written.ToJson()), Encoding.UTF8.GetString(read.ToJson()));
        Assert.Null(read.Fault());
    }

    [Theory]
    [InlineData("", "not an accounts file")]
    [InlineData("null", "null")]
    [InlineData("[]", "not an accounts file")]
    [InlineData("""{"accounts": [], "acounts": []}""", "not an accounts file")]
    [InlineData("""{"version": 2}""", "version is 2")]
    [InlineData("""{"accounts": [{"id": 1}]}""", "not an accounts file")]
    [InlineData("""{"accounts": [{"id": 1, "name": null}]}""", "accounts[0]")]
    [InlineData("""{"accounts": [null]}""", "accounts[0]")]
    [InlineData("""{"accounts": [{"id": 0, "name": "a"}]}""", "accounts[0].id")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]}""", "accounts[1].id")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a"}, {"id": 2, "name": "a"}]}""", "accounts[1].name")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "max_jobs": -1}]}""", "below 0")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "from_domains": ["*"]}]}""", "from_domains")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "from_domains": [""]}]}""", "from_domains")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "tracking_url": "https://a.example/x"}]}""", "tracking_url")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "tracking_url": "ftp://a.example"}]}""", "tracking_url")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "tracking_url": "https://u:p@a.example"}]}""", "tracking_url")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "tracking_url": "https://bücher.example"}]}""", "tracking_url")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "tracking_url": "https://x.example"}, {"id": 2, "name": "b", "tracking_url": "http://X.example:81"}]}""", "another account")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "time_zone": "Europe//Berlin"}]}""", "time_zone")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "time_zone": "'; --"}]}""", "time_zone")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "display_name": {}}]}""", "display_name")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "display_name": {"en": " "}}]}""", "display_name")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "lists": [{"id": 0, "name": {"en": "x"}}]}]}""", "lists")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "lists": [{"id": 1, "name": {"en": "x"}}, {"id": 1, "name": {"en": "y"}}]}]}""", "lists")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "lists": [{"id": 1, "name": {"en": "x\ny"}}]}]}""", "list 1")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "lists": [{"id": 1, "name": null}]}]}""", "list 1")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "keys": [{"id": "k", "rights": "all"}]}]}""", "key k needs sha256")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "keys": [{"id": "k", "rights": "all", "sha256": "secret"}]}]}""", "key k needs sha256")]
    [InlineData("""{"accounts": [{"id": 1, "name": "a", "keys": [{"id": "k", "rights": "write", "revoked": "2026-01-01T00:00:00Z"}]}]}""", "key k has unknown rights")]
    public void What_is_no_accounts_file_is_refused_in_one_line_without_its_content(string json, string reason)
    {
        var fault = Assert.Throws<InvalidDataException>(() => AccountsFile.Parse(Encoding.UTF8.GetBytes(json), "FILE"));

        Assert.StartsWith("FILE", fault.Message, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_keys_with_one_digest_are_refused()
    {
        var file = new AccountsFile { Accounts = [new Account { Id = 1, Name = "a", Keys = [Key("a", Secret)] }, new Account { Id = 2, Name = "b", Keys = [Key("b", Secret)] }] };

        Assert.Contains("key b", file.Fault(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.example", true)]
    [InlineData("A.EXAMPLE", true)]
    [InlineData("x.a.example", false)]
    [InlineData("ba.example", false)]
    [InlineData("b.example", false)]
    [InlineData("x.b.example", true)]
    [InlineData("x.y.B.example", true)]
    [InlineData("xb.example", false)]
    [InlineData(".b.example", false)]
    [InlineData("", false)]
    public void A_domain_is_the_account_s_where_it_is_listed(string domain, bool allowed)
    {
        var account = new Account { Id = 1, Name = "a", FromDomains = ["a.example", "*.b.example"] };

        Assert.Equal(allowed, account.MayUse(domain));
        Assert.True((account with { FromDomains = [] }).MayUse(domain));
    }

    [Fact]
    public void A_table_follows_its_file_and_stays_as_it_was_where_that_cannot_be_used()
    {
        var table = new ApiKeyTable(new ApiKeyOptions { File = File, ApiKeys = [new ApiKeyEntry { Key = "of-the-settings-0123" }] });
        Assert.False(Knows(table, Secret));
        Assert.False(table.Refresh(Later));

        Write(new AccountsFile { Accounts = [new Account { Id = 4, Name = "a", Keys = [Key("a", Secret, "read")] }] }.ToJson());
        Assert.True(table.Refresh(Later));
        Assert.False(table.Refresh(Later));
        Assert.True(table.TryAuthenticate(Secret, out var account, out var rights));
        Assert.Equal((4u, Right.Read), (account, rights));
        Assert.Equal("a", table.Find(4)!.Name);
        Assert.Null(table.Find(1));

        Write("{"u8.ToArray());
        Assert.Throws<InvalidDataException>(() => table.Refresh(Later));
        Write(new AccountsFile().ToJson());
        System.IO.File.SetUnixFileMode(File, OwnerOnly | UnixFileMode.GroupRead);
        Assert.Throws<InvalidDataException>(() => table.Refresh(Later));
        System.IO.File.Delete(File);
        Assert.Throws<InvalidDataException>(() => table.Refresh(Later));
        Assert.True(Knows(table, Secret));

        Write(new AccountsFile().ToJson());
        Assert.True(table.Refresh(Later));
        Assert.False(Knows(table, Secret));
        Assert.True(Knows(table, "of-the-settings-0123"));
    }

    /// <summary>As on a file system whose clock stands still between two writes.</summary>
    [Fact]
    public void A_change_that_left_time_and_length_as_they_were_is_seen_while_the_file_is_young()
    {
        const string Other = "dlv_00000002_0123456789abcdef";
        var now = DateTime.UnixEpoch.AddYears(50);
        Write(new AccountsFile { Accounts = [new Account { Id = 4, Name = "a", Keys = [Key("a", Secret)] }] }.ToJson());
        System.IO.File.SetLastWriteTimeUtc(File, now);
        var table = new ApiKeyTable(new ApiKeyOptions { File = File });
        Write(new AccountsFile { Accounts = [new Account { Id = 4, Name = "a", Keys = [Key("a", Other)] }] }.ToJson());
        System.IO.File.SetLastWriteTimeUtc(File, now);

        table.Refresh(now.AddSeconds(1));

        Assert.False(Knows(table, Secret));
        Assert.True(Knows(table, Other));
    }

    [Fact]
    public void Rights_that_are_given_as_a_list_are_refused_and_not_taken_for_all()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Access:ApiKeys:0:Key"] = "of-the-settings-0123",
            ["Access:ApiKeys:0:Rights:0"] = "read",
        }).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
        services.AddStrict<ApiKeyOptions>(ApiKeyOptions.Section);
        using var provider = services.BuildServiceProvider();

        Assert.ThrowsAny<Exception>(() => new ApiKeyTable(provider.GetRequiredService<IOptions<ApiKeyOptions>>().Value));
    }

    private static bool Knows(ApiKeyTable table, string key) => table.TryAuthenticate(key, out _, out _);

    private static AccountKey Key(string id, string secret, string rights = "all") =>
        new() { Id = id, Rights = rights, Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))) };

    private void Write(byte[] json)
    {
        System.IO.File.WriteAllBytes(File + ".new", json);
        System.IO.File.SetUnixFileMode(File + ".new", OwnerOnly);
        System.IO.File.Move(File + ".new", File, overwrite: true);
    }
}
