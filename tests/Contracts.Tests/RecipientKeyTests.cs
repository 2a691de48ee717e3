using Delivery.Contracts.Tests.Tokens;

namespace Delivery.Contracts.Tests;

public sealed class RecipientKeyTests
{
    private static readonly byte[] Secret = FixedKeys.Secret(9);

    [Theory]
    [InlineData("jane@example.com", "JANE@Example.COM")]
    [InlineData("jane@example.com", "  jane@example.com\t")]
    [InlineData("jane@bücher.example", "jane@xn--bcher-kva.example")]
    [InlineData("jane@BÜCHER.example", "Jane@bücher.EXAMPLE")]
    [InlineData("דנה@example.com", "דנה@EXAMPLE.com")]
    [InlineData("no-at-sign", "NO-AT-SIGN")]
    public void Spellings_of_one_address_have_one_key(string one, string other) =>
        Assert.Equal(RecipientKey.Of(Secret, 1, one), RecipientKey.Of(Secret, 1, other));

    [Theory]
    [InlineData("jane@example.com", "john@example.com")]
    [InlineData("jane@example.com", "jane@example.org")]
    [InlineData("jane@example.com", "ja.ne@example.com")]
    [InlineData("jane@example.com", "jane+news@example.com")]
    public void Different_addresses_have_different_keys(string one, string other) =>
        Assert.NotEqual(RecipientKey.Of(Secret, 1, one), RecipientKey.Of(Secret, 1, other));

    [Fact]
    public void Another_account_and_another_secret_give_another_key()
    {
        var key = RecipientKey.Of(Secret, 1, "jane@example.com");
        Assert.NotEqual(key, RecipientKey.Of(Secret, 2, "jane@example.com"));
        Assert.NotEqual(key, RecipientKey.Of(FixedKeys.Secret(10), 1, "jane@example.com"));
    }

    [Fact]
    public void Hex_and_bytes_carry_the_whole_key()
    {
        var random = new Random(5);
        var bytes = new byte[RecipientKey.Size];
        for (var i = 0; i < 2_000; i++)
        {
            random.NextBytes(bytes);
            if (i % 3 == 0)
                bytes.AsSpan(0, random.Next(16)).Clear();
            var key = RecipientKey.Read(bytes);
            Assert.Equal(Convert.ToHexStringLower(bytes), key.ToString());
            Assert.True(RecipientKey.TryParse(key.ToString(), out var parsed));
            Assert.Equal(key, parsed);
            var again = new byte[RecipientKey.Size];
            key.CopyTo(again);
            Assert.Equal(bytes, again);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    [InlineData("+123456789abcdef0123456789abcdef")]
    [InlineData(" 123456789abcdef0123456789abcde ")]
    [InlineData("0x23456789abcdef0123456789abcdef")]
    public void What_is_not_32_hex_digits_is_no_key(string hex) => Assert.False(RecipientKey.TryParse(hex, out _));

    [Fact]
    public void Empty_and_endless_addresses_are_refused()
    {
        Assert.Throws<ArgumentException>(() => RecipientKey.Of(Secret, 1, " "));
        Assert.Throws<ArgumentException>(() => RecipientKey.Of(Secret, 1, new string('a', 2_000) + "@example.com"));
    }
}
