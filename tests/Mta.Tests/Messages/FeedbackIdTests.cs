using System.Text;
using Delivery.Mta.Messages;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

public sealed class FeedbackIdTests
{
    [Theory]
    [InlineData("spring", "spring:7:delivery")]
    [InlineData("", "99:7:delivery")]
    [InlineData("a:b c\r\nBcc: x", "a-b-c--Bcc--x:7:delivery")]
    [InlineData("שלום", "99:7:delivery")]
    [InlineData("=?utf-8?Q?a?=", "--utf-8-Q-a--:7:delivery")]
    public void It_names_campaign_account_and_sender(string campaign, string expected) =>
        Assert.Equal($"Feedback-ID: {expected}\r\n", Encoding.ASCII.GetString(FeedbackId.Header(campaign, 99, 7, "delivery")));

    [Fact]
    public void A_long_campaign_is_cut()
    {
        var header = Encoding.ASCII.GetString(FeedbackId.Header(new string('c', 255), 99, 7, "delivery"));
        Assert.Equal($"Feedback-ID: {new string('c', 100)}:7:delivery\r\n", header.Replace("\r\n ", " ", StringComparison.Ordinal));
    }

    [Fact]
    public void No_sender_is_no_header() => Assert.Empty(FeedbackId.Header("spring", 99, 7, ""));

    [Fact]
    public void The_contents_own_wins()
    {
        var input = Input();
        var own = Content(text: "t") with { Headers = new Dictionary<string, string> { ["feedback-id"] = "a:b:mine" } };
        Assert.Equal(["a:b:mine"], Values(Compose(Compile(own), With(input))));
        Assert.Equal(["spring:7:delivery"], Values(Compose(Compile(Content(text: "t")), With(input))));
        Assert.Empty(Values(Compose(Compile(Content(text: "t")), input)));
    }

    private static MessageInput With(in MessageInput input) => new()
    {
        Account = input.Account,
        Job = input.Job,
        Recipient = input.Recipient,
        Date = input.Date,
        Email = input.Email,
        Key = input.Key,
        FeedbackId = FeedbackId.Header("spring", input.Job, input.Account, "delivery"),
    };

    private static IEnumerable<string> Values(byte[] message) => ReceivedMail.Parse(message).Headers
        .Where(header => header.Key.Equals(FeedbackId.Name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);
}
