using Delivery.Contracts.Events;
using Delivery.Contracts.Readers;

namespace Delivery.Contracts.Tests.Readers;

public sealed class UserAgentsTests
{
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    private const string Edge12 = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246";
    private readonly UserAgents _userAgents = new();

    [Theory]
    [InlineData(Chrome, "Human", null, "Human")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", "Human", null, "Human")]
    [InlineData("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)", "Human", null, "Human")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0", "Human", null, "Human")]
    [InlineData("curl/8.14.1", "Human", null, "Human")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG 9) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36", "Human", null, "Human")]
    [InlineData("", "Scanner", "no_user_agent", "Scanner")]
    [InlineData("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", "Human", "gmail_image_proxy", "Proxy")]
    [InlineData("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", "Human", "yahoo_image_proxy", "Proxy")]
    [InlineData(Edge12 + " Mozilla/5.0", "Proxy", "gmail_prefetch", "Proxy")]
    [InlineData("Mozilla/5.0", "Proxy", "apple_mail_privacy", "Proxy")]
    [InlineData("BarracudaCentral/1.0", "Scanner", "security_gateway", "Scanner")]
    [InlineData("Mozilla/5.0 (compatible; Proofpoint URL Defense)", "Scanner", "security_gateway", "Scanner")]
    [InlineData("mimecast-url-check", "Scanner", "security_gateway", "Scanner")]
    [InlineData("Symantec-Scan", "Scanner", "security_gateway", "Scanner")]
    [InlineData("TrendMicro", "Scanner", "security_gateway", "Scanner")]
    [InlineData("Microsoft SafeLinks", "Scanner", "security_gateway", "Scanner")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/142.0.0.0", "Scanner", "headless_browser", "Scanner")]
    [InlineData("Mozilla/5.0 PhantomJS/2.1.1", "Scanner", "headless_browser", "Scanner")]
    [InlineData("python-requests/2.32.3", "Scanner", "tool_user_agent", "Scanner")]
    [InlineData("Python/3.13 aiohttp/3.12", "Scanner", "tool_user_agent", "Scanner")]
    [InlineData("Wget/1.25.0", "Scanner", "tool_user_agent", "Scanner")]
    [InlineData("Go-http-client/2.0", "Scanner", "tool_user_agent", "Scanner")]
    [InlineData("libwww-perl/6.77", "Scanner", "tool_user_agent", "Scanner")]
    [InlineData("PlainProgram/1.0", "Human", "not_a_browser", "Scanner")]
    [InlineData("Mozilla/5.0 (compatible; Frobnicator; +https://frobnicator.example/about)", "Scanner", "robot_contact", "Scanner")]
    [InlineData("Mozilla/5.0 (compatible; ask someone@frobnicator.example)", "Scanner", "robot_contact", "Scanner")]
    [InlineData("Microsoft Office Existence Discovery", "Proxy", "office_discovery", "Proxy")]
    [InlineData("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; ms-office; MSOffice 16)", "Human", null, "Human")]
    [InlineData("Apache-HttpClient/5.4 (Java/21)", "Scanner", "tool_user_agent", "Scanner")]
    [InlineData("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "Scanner", "known_bot", "Scanner")]
    [InlineData("SomeBot", "Scanner", "known_bot", "Scanner")]
    [InlineData("Example Crawler 1", "Scanner", "known_bot", "Scanner")]
    [InlineData("Baiduspider+(+http://www.baidu.com)", "Scanner", "known_bot", "Scanner")]
    [InlineData("facebookexternalhit/1.1", "Scanner", "known_bot", "Scanner")]
    public void A_user_agent_says_who_reads(string userAgent, string onOpen, string? reason, string onClick)
    {
        var onOpened = Enum.Parse<ReaderClass>(onOpen);
        Assert.Equal(new ReaderVerdict(onOpened, reason == "not_a_browser" ? null : reason), _userAgents.Find(EventKind.Opened, userAgent));
        Assert.Equal(new ReaderVerdict(Enum.Parse<ReaderClass>(onClick), reason), _userAgents.Find(EventKind.Clicked, userAgent));
    }

    [Fact]
    public void Every_rule_can_be_reached()
    {
        foreach (var rule in UserAgentRules.All)
        {
            var verdict = _userAgents.Find(EventKind.Clicked, rule.Text);
            Assert.Equal(new ReaderVerdict(rule.OnClick, rule.Reason), verdict);
        }
    }

    [Fact]
    public void Every_pattern_of_the_public_list_can_be_read_and_the_exceptions_are_of_the_list()
    {
        using var list = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(Path.Combine(
            Testing.RepositoryRoot.Path, "src", "Contracts", "Readers", "CrawlerList", "crawler-user-agents.json")));
        var patterns = list.RootElement.EnumerateArray().Select(entry => entry.GetProperty("pattern").GetString()!).ToList();
        Assert.Empty(PeoplesPrograms.Patterns.Except(patterns));
        Assert.Equal(patterns.Count(pattern => !PeoplesPrograms.Patterns.Contains(pattern)), CrawlerPatterns.BuiltIn.Count);
    }

    [Fact]
    public void Whatever_is_asked_the_table_of_verdicts_keeps_its_bound()
    {
        var bounded = new UserAgents(capacity: 100);
        for (var i = 0; i < 5_000; i++)
            Assert.Equal(ReaderVerdict.Person, bounded.Find(EventKind.Clicked, Chrome + i));
        Assert.InRange(bounded.Kept, 1, 100);
        Assert.Equal("known_bot", bounded.Find(EventKind.Clicked, "Examplebot/1.0").Reason);
    }
}
