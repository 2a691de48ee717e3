using System.Security.Cryptography;
using System.Text;
using Delivery.Contracts.Access;

namespace Delivery.Contracts.Tests.Access;

public sealed class ApiKeyTableTests
{
    private const string First = "first-key-0123456789";
    private const string Second = "second-key-0123456789";
    private const string Hashed = "hashed-key-0123456789";

    private static readonly ApiKeyTable Table = new(new ApiKeyOptions
    {
        ApiKeys =
        [
            new ApiKeyEntry { Account = 1, Key = First },
            new ApiKeyEntry { Account = 1, Key = Second },
            new ApiKeyEntry { Account = 2, Sha256 = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Hashed))) },
        ],
    });

    [Theory]
    [InlineData("Bearer " + First, 1)]
    [InlineData("bearer " + First, 1)]
    [InlineData("Bearer   " + Second + " ", 1)]
    [InlineData(Second, 1)]
    [InlineData("Bearer " + Hashed, 2)]
    public void A_known_key_tells_its_account(string authorization, uint account)
    {
        Assert.True(Table.TryAuthenticate(authorization, out var found, out var rights));
        Assert.Equal(account, found);
        Assert.Equal(Right.All, rights);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer ")]
    [InlineData("Bearer")]
    [InlineData("Bearer first-key-012345678")]
    [InlineData("Bearer first-key-01234567890")]
    [InlineData("Bearer FIRST-KEY-0123456789")]
    [InlineData("Basic " + First)]
    [InlineData("Bearer first-key-0123456789\0")]
    public void Any_other_is_nobody_s(string authorization)
    {
        Assert.False(Table.TryAuthenticate(authorization, out var account, out var rights));
        Assert.Equal(0u, account);
        Assert.Equal(Right.None, rights);
    }

    [Fact]
    public void Endless_and_foreign_text_is_nobody_s()
    {
        Assert.False(Table.TryAuthenticate(new string('x', 1_000_000), out _, out _));
        Assert.False(Table.TryAuthenticate(new string('€', 200), out _, out _));
        Assert.False(Table.TryAuthenticate("\uD800" + First, out _, out _));
        Assert.False(new ApiKeyTable(new ApiKeyOptions()).TryAuthenticate(First, out _, out _));
    }

    [Theory]
    [InlineData("secret-too-sho", null, "Access:ApiKeys:1")]
    [InlineData("secret with a space in it", null, "Access:ApiKeys:1")]
    [InlineData("secrét-not-ascii-0123456789", null, "Access:ApiKeys:1")]
    [InlineData(null, null, "Access:ApiKeys:1")]
    [InlineData(null, "secret", "Access:ApiKeys:1")]
    [InlineData(null, "zz23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "Access:ApiKeys:1")]
    public void A_bad_entry_is_named_by_place_and_not_by_content(string? key, string? sha256, string place)
    {
        var options = new ApiKeyOptions { ApiKeys = [new ApiKeyEntry { Key = First }, new ApiKeyEntry { Key = key, Sha256 = sha256 }] };
        var fault = Assert.Throws<ArgumentException>(() => new ApiKeyTable(options));
        Assert.Contains(place, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secr", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Account_zero_is_refused() =>
        Assert.Contains("Access:ApiKeys:0", Assert.Throws<ArgumentException>(
            () => new ApiKeyTable(new ApiKeyOptions { ApiKeys = [new ApiKeyEntry { Account = 0, Key = First }] })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("submit", Right.Submit)]
    [InlineData("Read, submit", Right.Submit | Right.Read)]
    [InlineData("admin", Right.Admin)]
    [InlineData("all", Right.All)]
    public void A_key_has_the_rights_of_its_entry(string names, Right rights)
    {
        var table = new ApiKeyTable(new ApiKeyOptions { ApiKeys = [new ApiKeyEntry { Key = First, Rights = names }] });

        Assert.True(table.TryAuthenticate(First, out _, out var found));
        Assert.Equal(rights, found);
        Assert.True(RightNames.TryParse(RightNames.Format(rights), out var again));
        Assert.Equal(rights, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("none")]
    [InlineData("write")]
    [InlineData("7")]
    [InlineData("read,,write")]
    public void Unknown_rights_are_refused_by_place(string names) =>
        Assert.Contains("Access:ApiKeys:0:Rights", Assert.Throws<ArgumentException>(
            () => new ApiKeyTable(new ApiKeyOptions { ApiKeys = [new ApiKeyEntry { Key = First, Rights = names }] })).Message, StringComparison.Ordinal);
}
