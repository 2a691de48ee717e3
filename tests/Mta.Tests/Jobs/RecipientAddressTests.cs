using Delivery.Contracts;
using Delivery.Mta.Jobs;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Tests.Jobs;

public sealed class RecipientAddressTests
{
    [Theory]
    [InlineData("a@b.example")]
    [InlineData("first.last+tag@sub.domain.example")]
    [InlineData("o'brien@example.com")]
    [InlineData("a@bücher.example")]
    [InlineData("דנה@example.com")]
    [InlineData("jörg.müller+x@bücher.example")]
    [InlineData("用户@例子.公司")]
    [InlineData("θσερ@εχαμπλε.ψομ")]
    [InlineData("अजय@डाटा.भारत")]
    [InlineData("\u1EB9\u0301ko@example.com")]
    [InlineData("😀@example.com")]
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
    [InlineData("a@192.0.2.1")]
    [InlineData("a@example.123")]
    [InlineData("a\u2028@b.example")]
    [InlineData("jo\u0308rg@example.com")]
    [InlineData("a@bu\u0308cher.example")]
    [InlineData("a\u200Bb@example.com")]
    [InlineData("a\u00ADb@example.com")]
    [InlineData("a\u202Eb@example.com")]
    [InlineData("a\u2066b@example.com")]
    [InlineData("\uFEFFa@example.com")]
    [InlineData("a\u0085@example.com")]
    [InlineData("a\u00A0b@example.com")]
    [InlineData("a\uFE0F@example.com")]
    [InlineData("a\u3164@example.com")]
    [InlineData("a\uE000@example.com")]
    [InlineData("a\uD83D@example.com")]
    [InlineData("\u0301a@example.com")]
    [InlineData("é..b@example.com")]
    [InlineData("é(x)@example.com")]
    [InlineData("a@exa\u200Dmple.com")]
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
    public void Lengths_are_counted_in_bytes()
    {
        Assert.Null(RecipientAddress.Fault(new string('é', 32) + "@b.example"));
        Assert.NotNull(RecipientAddress.Fault(new string('é', 33) + "@b.example"));
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 61), 3)) + ".ex";
        Assert.Null(RecipientAddress.Fault(new string('é', 31) + "x@" + domain));
        Assert.NotNull(RecipientAddress.Fault(new string('é', 31) + "x@" + domain + new string('d', 3)));
    }

    [Theory]
    [InlineData("jo\u0308rg@example.com", "give it in NFC")]
    [InlineData("a\u202Eb@example.com", "U+202E, which cannot be seen")]
    [InlineData("\u0301a@example.com", "begins with U+0301")]
    public void What_is_wrong_with_a_letter_is_said(string address, string words) =>
        Assert.Contains(words, RecipientAddress.Fault(address), StringComparison.Ordinal);

    [Theory]
    [InlineData("A@Bücher.EXAMPLE", "A@xn--bcher-kva.example", false)]
    [InlineData("a@BÜCHER.example", "a@xn--bcher-kva.example", false)]
    [InlineData("Jörg@BÜCHER.example", "Jörg@xn--bcher-kva.example", true)]
    [InlineData("Plain@Example.COM", "Plain@Example.COM", false)]
    public void The_wire_has_A_labels_and_the_local_part_as_it_was_given(string address, string wire, bool needsSmtpUtf8)
    {
        Assert.True(MailAddress.TryNormalize(address, out var normalized));
        Assert.Equal((wire, needsSmtpUtf8), (normalized, MailAddress.NeedsSmtpUtf8(address)));
    }

    [Fact]
    public void The_key_of_an_address_is_the_same_however_its_letters_and_domain_are_written()
    {
        byte[] secret = [1, 2, 3];
        Assert.Equal(RecipientKey.Of(secret, 1, "jörg@bücher.example"), RecipientKey.Of(secret, 1, "JÖRG@xn--bcher-kva.EXAMPLE"));
        Assert.NotEqual(RecipientKey.Of(secret, 1, "jörg@bücher.example"), RecipientKey.Of(secret, 1, "jorg@bücher.example"));
        Assert.Equal(RecipientKey.Of(secret, 1, "Plain@Example.com"), RecipientKey.Of(secret, 1, "plain@example.com"));
    }

    [Fact]
    public void The_domain_is_lower_case_and_an_A_label() =>
        Assert.Equal("xn--bcher-kva.example", RecipientAddress.Domain("A@Bücher.EXAMPLE"));
}
