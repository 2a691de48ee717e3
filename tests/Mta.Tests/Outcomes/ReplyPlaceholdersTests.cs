using Delivery.Mta.Outcomes;

namespace Delivery.Mta.Tests.Outcomes;

public sealed class ReplyPlaceholdersTests
{
    [Theory]
    [InlineData("<a.b+c@example.com>: User unknown", "<address>: User unknown")]
    [InlineData("Client host [192.0.2.7] blocked", "Client host [<ip>] blocked")]
    [InlineData("blocked 2001:db8::25.", "blocked <ip>.")]
    [InlineData("[TSS04] Messages from 192.0.2.1 temporarily deferred", "[TSS04] Messages from <ip> temporarily deferred")]
    [InlineData("see https://www.spamhaus.org/query/ip/192.0.2.1 (S3150)", "see https://www.spamhaus.org/query/ip/ (S3150)")]
    [InlineData("visit http://x.example/help?id=77#a", "visit http://x.example/help")]
    [InlineData("mx12-prd.example.net said no", "<host> said no")]
    [InlineData("over quota 000000000000eee.000 - gsmtp", "over quota <id> - gsmtp")]
    [InlineData("queue 123456 is full, OFR_416", "queue <n> is full, OFR_416")]
    [InlineData("user@example.com... No  such user", "<address>... No such user")]
    [InlineData("", "")]
    public void Whom_and_when_become_placeholders_and_short_codes_stay(string text, string expected) => Assert.Equal(expected, Write(text));

    [Fact]
    public void Whatever_comes_fits_and_holds_no_address()
    {
        var random = new Random(7);
        const string Alphabet = "ab@.<>[]():;=/ 0123456789-_\"'\u00e9#?";
        var buffer = new char[ReplyPlaceholders.MaxLength];
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(0, 900)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            var length = ReplyPlaceholders.Write(text, buffer);
            Assert.InRange(length, 0, buffer.Length);
            foreach (var token in new string(buffer, 0, length).Split(' ', '<', '>', '(', ')', '[', ']', '"', '\'', ';', '='))
                Assert.False(token.Length >= 4 && token.Trim('.', ':', '?').Length >= 4 && token.Trim('.', ':', '?').Contains('@') && !token.Contains(".."), token);
        }
    }

    private static string Write(string text)
    {
        var buffer = new char[ReplyPlaceholders.MaxLength];
        return new string(buffer, 0, ReplyPlaceholders.Write(text, buffer));
    }
}
