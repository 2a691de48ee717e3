using System.Text;
using Delivery.Contracts.Tokens;

namespace Delivery.Contracts.Tests.Tokens;

public sealed class LanguageTagTests
{
    [Theory]
    [InlineData("he", MailLanguage.Hebrew, true)]
    [InlineData("HE-il", MailLanguage.Hebrew, true)]
    [InlineData("iw", MailLanguage.Hebrew, true)]
    [InlineData("en", MailLanguage.English, true)]
    [InlineData("en_GB", MailLanguage.English, true)]
    [InlineData("en-Latn-US-x-private1", MailLanguage.English, true)]
    [InlineData("fr", MailLanguage.Unknown, true)]
    [InlineData("hebrew", MailLanguage.Unknown, true)]
    [InlineData("h", MailLanguage.Unknown, false)]
    [InlineData("", MailLanguage.Unknown, false)]
    [InlineData("en-", MailLanguage.English, false)]
    [InlineData("e1", MailLanguage.Unknown, false)]
    [InlineData("english and hebrew", MailLanguage.Unknown, false)]
    [InlineData("עברית", MailLanguage.Unknown, false)]
    public void The_first_subtag_names_the_language(string tag, MailLanguage language, bool wellFormed)
    {
        Assert.Equal(language, LanguageTag.Read(tag.AsSpan()));
        Assert.Equal(language, LanguageTag.Read(Encoding.UTF8.GetBytes(tag)));
        Assert.Equal(wellFormed, LanguageTag.IsWellFormed(Encoding.UTF8.GetBytes(tag)));
    }

    [Fact]
    public void A_very_long_tag_is_none() => Assert.Equal(MailLanguage.Unknown, LanguageTag.Read(Encoding.ASCII.GetBytes("he-" + new string('a', 500))));
}
