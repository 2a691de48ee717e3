using System.Net;
using Delivery.Contracts.Events;
using Delivery.Contracts.Readers;
using Delivery.Contracts.Tokens;
using Delivery.Tracker.Classification;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Delivery.Tracker.Tests.Classification;

public sealed class ReaderClassifierTests
{
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    private const uint Sent = 1_790_000_000;
    private const long Later = (Sent + 3600) * 1000L;

    private readonly ReaderClassifier _classifier = Classifier();

    [Theory]
    [InlineData("Purpose", "prefetch")]
    [InlineData("Sec-Purpose", "prefetch;prerender")]
    [InlineData("X-Purpose", "preview")]
    [InlineData("X-Moz", "prefetch")]
    public void A_prefetch_is_a_proxy_s(string header, string value)
    {
        var request = Request("GET", Chrome);
        request.Headers[header] = value;
        Assert.Equal(new ReaderVerdict(ReaderClass.Proxy, "prefetch_header"), Classify(EventKind.Clicked, request));
    }

    [Fact]
    public void A_head_request_is_a_scanner_s_whatever_it_calls_itself()
    {
        var request = Request("HEAD", Chrome);
        request.Headers["Purpose"] = "prefetch";
        Assert.Equal(new ReaderVerdict(ReaderClass.Scanner, "head_request"), Classify(EventKind.Opened, request));
    }

    [Fact]
    public void A_purpose_that_is_no_prefetch_says_nothing()
    {
        var request = Request("GET", Chrome);
        request.Headers["Purpose"] = "document";
        Assert.Equal(ReaderVerdict.Person, Classify(EventKind.Opened, request));
    }

    [Fact]
    public void A_user_agent_is_cut_at_its_limit()
    {
        Assert.Equal(ReaderRules.MaxUserAgent, ReaderClassifier.UserAgent(Request("GET", new string('a', 5000))).Length);
        Assert.Equal("", ReaderClassifier.UserAgent(new DefaultHttpContext().Request));
    }

    [Fact]
    public void The_link_that_no_person_can_see_is_a_scanner_s_whoever_follows_it()
    {
        var verdict = _classifier.Classify(EventKind.Clicked, Request("GET", Chrome), Chrome, Sent, Later, LinkPlace.ScannerPosition);
        Assert.Equal(new ReaderVerdict(ReaderClass.Scanner, "scanner_link"), verdict);
    }

    [Theory]
    [InlineData(EventKind.Clicked, 0, true)]
    [InlineData(EventKind.Clicked, 1_999, true)]
    [InlineData(EventKind.Clicked, 2_000, false)]
    [InlineData(EventKind.Opened, 999, true)]
    [InlineData(EventKind.Opened, 1_000, false)]
    [InlineData(EventKind.Clicked, -1, false)]
    [InlineData(EventKind.Clicked, -90_000, false)]
    public void Nobody_reads_within_moments_of_the_sending_and_a_clock_that_is_behind_says_nothing(EventKind kind, int afterMs, bool tooSoon)
    {
        var verdict = _classifier.Classify(kind, Request("GET", Chrome), Chrome, Sent, (Sent * 1000L) + afterMs);
        Assert.Equal(tooSoon ? new ReaderVerdict(ReaderClass.Scanner, "too_soon") : ReaderVerdict.Person, verdict);
    }

    [Fact]
    public void Both_times_can_be_switched_off()
    {
        var off = Classifier(new ClassificationOptions { ClickTooSoon = TimeSpan.Zero, OpenTooSoon = TimeSpan.Zero });
        Assert.Equal(ReaderVerdict.Person, off.Classify(EventKind.Clicked, Request("GET", Chrome), Chrome, Sent, Sent * 1000L));
        Assert.Equal(ReaderVerdict.Person, off.Classify(EventKind.Opened, Request("GET", Chrome), Chrome, Sent, Sent * 1000L));
    }

    [Fact]
    public void A_network_of_the_settings_comes_before_what_the_request_says_of_itself()
    {
        var options = new ClassificationOptions
        {
            Networks =
            [
                new ReaderNetwork { Network = "192.0.2.0/24", Class = ReaderClass.Scanner, Reason = "gateway", Applies = ReaderNetworkScope.Clicks },
                new ReaderNetwork { Network = "192.0.2.7", Class = ReaderClass.Human, Reason = "office" },
            ],
        };
        var classifier = Classifier(options);
        Assert.Equal(new ReaderVerdict(ReaderClass.Scanner, "gateway"), From(classifier, EventKind.Clicked, "::ffff:192.0.2.9"));
        Assert.Equal(ReaderVerdict.Person, From(classifier, EventKind.Opened, "192.0.2.9"));
        Assert.Equal(new ReaderVerdict(ReaderClass.Human, "office"), From(classifier, EventKind.Clicked, "192.0.2.7"));
        Assert.Equal(ReaderVerdict.Person, From(classifier, EventKind.Clicked, "192.0.3.9"));
    }

    private ReaderVerdict Classify(EventKind kind, HttpRequest request) => _classifier.Classify(kind, request, Chrome, Sent, Later);

    private static ReaderVerdict From(ReaderClassifier classifier, EventKind kind, string address)
    {
        var request = Request("GET", Chrome);
        request.HttpContext.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return classifier.Classify(kind, request, Chrome, Sent, Later);
    }

    private static ReaderClassifier Classifier(ClassificationOptions? options = null) =>
        new(Options.Create(new TrackerOptions { Classification = options ?? new ClassificationOptions() }));

    private static HttpRequest Request(string method, string userAgent)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = method;
        request.Headers.UserAgent = userAgent;
        return request;
    }
}
