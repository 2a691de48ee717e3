using Delivery.Contracts.Events;
using Delivery.Tracker.Classification;
using Microsoft.AspNetCore.Http;

namespace Delivery.Tracker.Tests.Classification;

public sealed class ReaderClassifierTests
{
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    private const string Edge12 = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246";

    [Theory]
    [InlineData(Chrome, "Human", null, "Human")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", "Human", null, "Human")]
    [InlineData("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)", "Human", null, "Human")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0", "Human", null, "Human")]
    [InlineData("curl/8.14.1", "Human", null, "Human")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG 9) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36", "Human", null, "Human")]
    [InlineData("Bottle/1.0 (robotics)", "Human", null, "Human")]
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
    [InlineData("Apache-HttpClient/5.4 (Java/21)", "Scanner", "tool_user_agent", "Scanner")]
    [InlineData("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "Scanner", "known_bot", "Scanner")]
    [InlineData("SomeBot", "Scanner", "known_bot", "Scanner")]
    [InlineData("Example Crawler 1", "Scanner", "known_bot", "Scanner")]
    [InlineData("Baiduspider+(+http://www.baidu.com)", "Scanner", "known_bot", "Scanner")]
    [InlineData("facebookexternalhit/1.1", "Scanner", "known_bot", "Scanner")]
    public void A_user_agent_says_who_reads(string userAgent, string onOpen, string? reason, string onClick)
    {
        Assert.Equal(new ReaderVerdict(Enum.Parse<ReaderClass>(onOpen), reason), ReaderClassifier.ByUserAgent(EventKind.Opened, userAgent));
        Assert.Equal(new ReaderVerdict(Enum.Parse<ReaderClass>(onClick), reason), ReaderClassifier.ByUserAgent(EventKind.Clicked, userAgent));
    }

    [Fact]
    public void Every_rule_can_be_reached()
    {
        foreach (var rule in UserAgentRules.All)
        {
            var verdict = ReaderClassifier.ByUserAgent(EventKind.Clicked, rule.Text);
            Assert.Equal(new ReaderVerdict(rule.OnClick, rule.Reason), verdict);
        }
    }

    [Theory]
    [InlineData("Purpose", "prefetch")]
    [InlineData("Sec-Purpose", "prefetch;prerender")]
    [InlineData("X-Purpose", "preview")]
    [InlineData("X-Moz", "prefetch")]
    public void A_prefetch_is_a_proxy_s(string header, string value)
    {
        var request = Request("GET", Chrome);
        request.Headers[header] = value;
        Assert.Equal(new ReaderVerdict(ReaderClass.Proxy, "prefetch_header"), ReaderClassifier.Classify(EventKind.Clicked, request));
    }

    [Fact]
    public void A_head_request_is_a_scanner_s_whatever_it_calls_itself()
    {
        var request = Request("HEAD", Chrome);
        request.Headers["Purpose"] = "prefetch";
        Assert.Equal(new ReaderVerdict(ReaderClass.Scanner, "head_request"), ReaderClassifier.Classify(EventKind.Opened, request));
    }

    [Fact]
    public void A_purpose_that_is_no_prefetch_says_nothing()
    {
        var request = Request("GET", Chrome);
        request.Headers["Purpose"] = "document";
        Assert.Equal(new ReaderVerdict(ReaderClass.Human, null), ReaderClassifier.Classify(EventKind.Opened, request));
    }

    [Fact]
    public void A_user_agent_is_cut_at_its_limit()
    {
        Assert.Equal(ReaderClassifier.MaxUserAgent, ReaderClassifier.UserAgent(Request("GET", new string('a', 5000))).Length);
        Assert.Equal("", ReaderClassifier.UserAgent(new DefaultHttpContext().Request));
    }

    private static HttpRequest Request(string method, string userAgent)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = method;
        request.Headers.UserAgent = userAgent;
        return request;
    }
}
