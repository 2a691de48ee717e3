using Delivery.Mta.Jobs;

namespace Delivery.Mta.Tests.Jobs;

public sealed class RecipientAddressTests
{
    [Theory]
    [InlineData("a@b.example")]
    [InlineData("first.last+tag@sub.domain.example")]
    [InlineData("o'brien@example.com")]
    [InlineData("a@bücher.example")]
    public void A_sound_address_is_taken(string address) => Assert.Null(RecipientAddress.Fault(address));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("@b.example")]
    [InlineData("a@")]
    [InlineData("a@@b.example")]
    [InlineData("a@b@c.example")]
    [InlineData("a b@c.example")]
    [InlineData("a@b.example\r\nRCPT TO:<v@e.example>")]
    [InlineData("\"a\r\nb\"@c.example")]
    [InlineData("a\0@b.example")]
    [InlineData("a@b..example")]
    [InlineData("a@-b.example")]
    [InlineData(".a@b.example")]
    [InlineData("a..b@c.example")]
    [InlineData("<a@b.example>")]
    [InlineData("A <a@b.example>")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("דנה@example.com")]
    [InlineData("a\u2028@b.example")]
    public void An_unsound_address_is_refused_with_a_reason(string address) =>
        Assert.False(string.IsNullOrWhiteSpace(RecipientAddress.Fault(address)));

    [Fact]
    public void Lengths_are_those_of_the_RFC()
    {
        Assert.Null(RecipientAddress.Fault(new string('a', 64) + "@b.example"));
        Assert.NotNull(RecipientAddress.Fault(new string('a', 65) + "@b.example"));
        Assert.NotNull(RecipientAddress.Fault("a@" + new string('b', 64) + ".example"));
        Assert.NotNull(RecipientAddress.Fault("a@" + string.Join('.', Enumerable.Repeat(new string('b', 60), 5))));
    }

    [Fact]
    public void The_domain_is_lower_case_and_an_A_label() =>
        Assert.Equal("xn--bcher-kva.example", RecipientAddress.Domain("A@Bücher.EXAMPLE"));
}
