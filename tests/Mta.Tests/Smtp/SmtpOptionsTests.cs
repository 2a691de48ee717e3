using Delivery.Mta.Smtp;

namespace Delivery.Mta.Tests.Smtp;

public sealed class SmtpOptionsTests
{
    private readonly SmtpOptionsValidator _validator = new();

    [Fact]
    public void The_defaults_are_valid()
    {
        Assert.True(_validator.Validate(null, new SmtpOptions()).Succeeded);
    }

    [Fact]
    public void All_that_is_wrong_is_named_at_once()
    {
        var result = _validator.Validate(null, new SmtpOptions
        {
            RelayHost = "", RelayPort = 70_000, Connections = 0, EhloName = "a\r\nb", BodyTimeout = TimeSpan.Zero, MaxReplyLines = 0,
        });

        Assert.True(result.Failed);
        foreach (var name in (string[])["RelayHost", "RelayPort", "Connections", "EhloName", "BodyTimeout", "MaxReplyLines"])
            Assert.Contains(name, result.FailureMessage);
    }

    [Theory]
    [InlineData("mail.example.test", true)]
    [InlineData("localhost", true)]
    [InlineData("[127.0.0.1]", true)]
    [InlineData("[IPv6:::1]", true)]
    [InlineData("two words", false)]
    [InlineData("-mail.example.test", false)]
    [InlineData("mail.example.test\n", false)]
    public void A_greeting_name_is_one_word(string name, bool valid)
    {
        Assert.Equal(valid, _validator.Validate(null, new SmtpOptions { EhloName = name }).Succeeded);
    }
}
