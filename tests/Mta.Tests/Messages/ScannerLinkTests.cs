using Delivery.Contracts.Tokens;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

public sealed class ScannerLinkTests
{
    private const string Html = "<html><body><p><a href=\"https://shop.example/a\">Buy</a></p></body></html>";

    [Fact]
    public void The_link_that_no_person_can_see_stands_in_the_html_alone_and_is_no_link_of_the_template()
    {
        var options = Options with { ScannerLink = true };
        Assert.Single(Compile(Content(Html), options).Links);
        var mail = Deliver(Content(Html), options: options);

        var clicks = Clicks(mail.Html);
        Assert.Equal([(ushort)1, LinkPlace.ScannerPosition], clicks.Select(click => click.Place.Position));
        Assert.Equal(Tracker + "/", clicks[1].Url);
        Assert.Single(Clicks(mail.Text));
        var link = mail.Html[mail.Html.LastIndexOf("<a ", StringComparison.Ordinal)..];
        Assert.Contains("tabindex=\"-1\" aria-hidden=\"true\" style=\"display:none;", link, StringComparison.Ordinal);
        Assert.Contains("></a></body>", link, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_option_there_is_none()
    {
        Assert.Single(Clicks(Deliver(Content(Html)).Html));
        Assert.Empty(Clicks(Deliver(Content(text: "hello"), options: Options with { ScannerLink = true }).Text));
    }
}
