using System.Net;
using Delivery.Tracker.Admission;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Delivery.Tracker.Tests.Admission;

public sealed class ClientLimitTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private static readonly IPAddress Client = IPAddress.Parse("203.0.113.7");
    private readonly ManualTime _time = new();

    [Fact]
    public void A_client_has_its_burst_and_then_its_rate()
    {
        var limit = Limit(perSecond: 10, burst: 20);
        Assert.Equal(20, Passing(limit, Client, 100));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, Passing(limit, Client, 100));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, Passing(limit, Client, 100));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(20, Passing(limit, Client, 100));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("::ffff:203.0.113.7", "::ffff:203.0.113.8", false)]
    public void A_client_is_an_ipv4_address_or_an_ipv6_network(string one, string other, bool same)
    {
        var limit = Limit(perSecond: 1, burst: 5);
        Assert.Equal(5, Passing(limit, IPAddress.Parse(one), 10));
        Assert.Equal(same ? 0 : 5, Passing(limit, IPAddress.Parse(other), 5));
    }

    [Fact]
    public void A_hundred_clients_over_their_limit_do_not_hurt_thousands_of_others()
    {
        var limit = Limit(perSecond: 10, burst: 20);
        for (var i = 0; i < 100; i++)
            Passing(limit, new IPAddress([198, 51, 100, (byte)i]), 200);
        var hurt = 0;
        for (var i = 0; i < 10_000; i++)
            hurt += limit.Lets(new IPAddress([10, 1, (byte)(i >> 8), (byte)i])) ? 0 : 1;

        // Both places of a client would have to be taken: two in a million here.
        Assert.InRange(hurt, 0, 10);
    }

    [Theory]
    [InlineData(0, "203.0.113.7")]
    [InlineData(1, "127.0.0.1")]
    [InlineData(1, "::1")]
    [InlineData(1, "10.1.2.3")]
    [InlineData(1, "::ffff:10.1.2.3")]
    [InlineData(1, "192.0.2.1")]
    public void Without_a_limit_and_for_this_machine_and_trusted_proxies_everything_passes(int perSecond, string client)
    {
        var limit = Limit(perSecond, burst: 1, "10.0.0.0/8", "192.0.2.1");
        Assert.Equal(50, Passing(limit, IPAddress.Parse(client), 50));
    }

    [Fact]
    public async Task A_client_over_its_limit_is_answered_and_not_recorded_and_its_unsubscribe_is()
    {
        await using var tracker = await TrackerHost.StartAsync(
            fixture.Redis, "--Tracker:TrustedProxies:0=127.0.0.1", "--Tracker:ClientRecordsPerSecond=1", "--Tracker:ClientBurst=3");
        (string, string) from = ("X-Forwarded-For", "203.0.113.7");
        for (var i = 0; i < 60; i++)
        {
            using var click = await tracker.SendAsync(HttpMethod.Get, "/c/" + tracker.Click(), null, from);
            Assert.Equal(HttpStatusCode.Found, click.StatusCode);
            Assert.Equal("https://example.com/a?b=c#d", click.Headers.Location!.OriginalString);
            using var open = await tracker.SendAsync(HttpMethod.Get, "/o/" + tracker.Open(), null, from);
            await Opens.OpenTests.AssertPixelAsync(open);
        }

        using (var other = await tracker.SendAsync(HttpMethod.Get, "/o/" + tracker.Open(), null, ("X-Forwarded-For", "203.0.113.8")))
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using (var unsubscribe = await tracker.SendAsync(HttpMethod.Post, "/u/" + tracker.Unsubscribe(), null, from))
            Assert.Equal(HttpStatusCode.OK, unsubscribe.StatusCode);
        var events = await tracker.EventsAsync();
        var over = await tracker.CountAsync("over_limit");
        Assert.InRange(over, 60, 117);
        Assert.Equal(120 - over + 2, events.Count);
        Assert.Single(events, e => e.Row.Kind == (byte)Contracts.Events.EventKind.Unsubscribed);
        Assert.Equal(121, await tracker.CountAsync("opened") + await tracker.CountAsync("clicked"));
    }

    private static int Passing(ClientLimit limit, IPAddress client, int times)
    {
        var passing = 0;
        for (var i = 0; i < times; i++)
            passing += limit.Lets(client) ? 1 : 0;
        return passing;
    }

    private ClientLimit Limit(int perSecond, int burst, params string[] proxies) => new(
        Options.Create(new TrackerOptions { ClientRecordsPerSecond = perSecond, ClientBurst = burst, TrustedProxies = proxies }),
        _time,
        NullLogger<ClientLimit>.Instance);
}
