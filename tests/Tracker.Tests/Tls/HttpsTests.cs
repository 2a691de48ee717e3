using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Delivery.Contracts.Events;
using Delivery.Testing;

namespace Delivery.Tracker.Tests.Tls;

public sealed class HttpsTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task Http_2_and_1_1_are_served_and_a_post_unsubscribes()
    {
        using var authority = new TestAuthority();
        authority.Issue("one", ["links.shop.example"]);
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, authority.Settings("one"));
        foreach (var version in new[] { HttpVersion.Version20, HttpVersion.Version11 })
        {
            using var client = Client(tracker, authority);
            using var request = new HttpRequestMessage(HttpMethod.Post, "https://links.shop.example/u/" + tracker.Unsubscribe(list: 9))
            {
                Version = version,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StringContent("List-Unsubscribe=One-Click", Encoding.ASCII, "application/x-www-form-urlencoded"),
            };
            using var answer = await client.SendAsync(request);
            Assert.Equal((HttpStatusCode.OK, version), (answer.StatusCode, answer.Version));
        }

        Assert.Equal(["one_click", "one_click"], (await tracker.EventsAsync()).Select(e => e.Row.Reason));
        // The plain listener goes on beside it, and is no way into the other.
        using var plain = await tracker.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
    }

    [Fact]
    public async Task Many_requests_share_a_connection_of_http_2()
    {
        using var authority = new TestAuthority();
        authority.Issue("one", ["links.shop.example"]);
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, authority.Settings("one"));
        var connections = 0;
        using var client = Client(tracker, authority, connected: () => Interlocked.Increment(ref connections));
        client.DefaultRequestVersion = HttpVersion.Version20;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        (await client.GetAsync("https://links.shop.example/c/" + tracker.Click())).Dispose();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => client.GetAsync("https://links.shop.example/c/" + tracker.Click())));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Found, answer.StatusCode));
        Assert.Equal(1, connections);
        Assert.Equal(41, (await tracker.EventsAsync()).Count(e => e.Row.Kind == (byte)EventKind.Clicked));
    }

    [Fact]
    public async Task The_name_asked_for_chooses_the_certificate()
    {
        using var authority = new TestAuthority();
        var one = authority.Issue("one", ["links.shop.example"]);
        var two = authority.Issue("two", ["*.other.example", "other.example"]);
        var three = authority.Issue("three", ["wrong.example"]);
        await using var tracker = await TrackerHost.StartAsync(
            fixture.Redis, [.. authority.Settings("one", "two", "three"), "--Tracker:Certificates:2:Hosts:0=set.example"]);
        Assert.Equal(one, await SerialAsync(tracker, "links.shop.example"));
        Assert.Equal(two, await SerialAsync(tracker, "a.OTHER.example"));
        Assert.Equal(two, await SerialAsync(tracker, "other.example"));
        Assert.Equal(three, await SerialAsync(tracker, "set.example"));
        Assert.Equal(one, await SerialAsync(tracker, "a.b.other.example"));
        Assert.Equal(one, await SerialAsync(tracker, "wrong.example"));
        Assert.Equal(one, await SerialAsync(tracker, "unknown.example"));
        Assert.Equal(one, await SerialAsync(tracker, ""));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
#pragma warning disable SYSLIB0039, CA5397, CS0618 // That these are refused is what is tested.
    [InlineData(SslProtocols.Tls11, false)]
#pragma warning restore SYSLIB0039, CA5397, CS0618
    public async Task Tls_is_1_2_or_1_3(SslProtocols protocol, bool accepted)
    {
        using var authority = new TestAuthority();
        authority.Issue("one", ["links.shop.example"]);
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, authority.Settings("one"));
        if (accepted)
            Assert.NotEmpty(await SerialAsync(tracker, "links.shop.example", protocol));
        else
            await Assert.ThrowsAnyAsync<Exception>(() => SerialAsync(tracker, "links.shop.example", protocol));
    }

    [Fact]
    public async Task A_renewed_certificate_is_served_without_a_restart_and_a_broken_one_is_not()
    {
        using var authority = new TestAuthority();
        var first = authority.Issue("one", ["links.shop.example"], days: 5);
        var lines = new LogLines();
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, lines, authority.Settings("one"));
        Assert.Equal(first, await SerialAsync(tracker, "links.shop.example"));
        await Eventually.HoldsAsync(() => lines.Count("expires") >= 1 && lines.Count("renew it") == 1, "the near expiry is told");
        Assert.InRange(await MetricAsync(tracker), 4 * 86400, 5 * 86400);

        authority.Put("one.pem", "-----BEGIN CERTIFICATE-----\nnot one\n-----END CERTIFICATE-----\n");
        await Eventually.HoldsAsync(() => lines.Count("is not served") == 1, "the fault is told");
        Assert.Equal(first, await SerialAsync(tracker, "links.shop.example"));

        authority.Issue("one", ["links.shop.example"], days: -1);
        await Eventually.HoldsAsync(() => lines.Count("the new certificate is valid from") == 1, "an expired one is told");
        Assert.Equal(first, await SerialAsync(tracker, "links.shop.example"));

        var second = authority.Issue("one", ["links.shop.example"]);
        await Eventually.HoldsAsync(async () => await SerialAsync(tracker, "links.shop.example") == second, "the new certificate is served");
        Assert.InRange(await MetricAsync(tracker), 88 * 86400, 90 * 86400);
        Assert.Equal(2, lines.Count("is not served"));
        Assert.Equal(1, lines.Count("renew it"));
        Assert.Equal(0, lines.Count("PRIVATE"));
    }

    [Fact]
    public async Task The_page_and_the_one_click_post_work_with_curl()
    {
        using var authority = new TestAuthority();
        authority.Issue("one", ["links.shop.example"]);
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, authority.Settings("one"));
        var url = $"https://links.shop.example:{tracker.HttpsAddress!.Port}/u/{tracker.Unsubscribe(list: 9)}";
        string[] common = ["--silent", "--show-error", "--cacert", authority.RootFile, "--resolve", $"links.shop.example:{tracker.HttpsAddress.Port}:127.0.0.1", "--output", "/dev/null"];
        const string Format = "%{http_code} %{http_version} %{num_redirects} %{ssl_verify_result}";
        Assert.Equal("200 2 0 0", await CurlAsync([.. common, "--write-out", Format, url]));
        Assert.Empty(await tracker.EventsAsync());
        Assert.Equal("200 2 0 0", await CurlAsync([.. common, "--write-out", Format, "--data", "List-Unsubscribe=One-Click", url]));
        Assert.Equal("200 1.1 0 0", await CurlAsync([.. common, "--http1.1", "--write-out", Format, "--form", "List-Unsubscribe=One-Click", url]));
        Assert.Equal(["one_click", "one_click"], (await tracker.EventsAsync()).Select(e => e.Row.Reason));
    }

    private static async Task<string> CurlAsync(string[] arguments)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var error = curl.StandardError.ReadToEndAsync(deadline.Token);
        var output = await curl.StandardOutput.ReadToEndAsync(deadline.Token);
        await curl.WaitForExitAsync(deadline.Token);
        return output + await error;
    }

    private static async Task<double> MetricAsync(TrackerHost tracker)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        using var answer = await tracker.Client.SendAsync(request);
        var line = (await answer.Content.ReadAsStringAsync()).Split('\n').Single(one => one.StartsWith("delivery_tracker_certificate_expires", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<string> SerialAsync(TrackerHost tracker, string host, SslProtocols protocol = SslProtocols.None)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, tracker.HttpsAddress!.Port);
        await using var tls = new SslStream(new NetworkStream(socket), false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, EnabledSslProtocols = protocol });
        return ((X509Certificate2)tls.RemoteCertificate!).SerialNumber;
    }

    /// <summary>Trusts the test's root alone, and asks for certificates by the URL's name whatever the address.</summary>
    private static HttpClient Client(TrackerHost tracker, TestAuthority authority, Action? connected = null) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, tracker.HttpsAddress!.Port, cancellation);
            connected?.Invoke();
            return new NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority.Root }, RevocationMode = X509RevocationMode.NoCheck },
        },
    })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };
}
