using System.Net;
using Delivery.Contracts.Access;
using Delivery.Contracts.Events;
using Delivery.Testing;

namespace Delivery.Tracker.Tests.Audience;

public sealed class TrackingDomainTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private static readonly Account Own = AccountsOnDisk.Shop with { TrackingUrl = "https://links.shop.example" };
    private static readonly Account Other = new() { Id = 8, Name = "other", TrackingUrl = "https://links.other.example:8443" };

    [Theory]
    [InlineData("links.shop.example", true)]
    [InlineData("links.shop.example:8443", true)]
    [InlineData("tracker.example", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("links.other.example", false)]
    [InlineData("LINKS.other.example.:443", false)]
    public async Task A_host_of_another_account_knows_no_token(string host, bool known)
    {
        using var accounts = new AccountsOnDisk(Own, Other);
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, accounts.Setting);
        using var click = await tracker.SendAsync(HttpMethod.Get, "/c/" + tracker.Click(), null, ("Host", host));
        using var open = await tracker.SendAsync(HttpMethod.Get, "/o/" + tracker.Open(), null, ("Host", host));
        using var page = await tracker.SendAsync(HttpMethod.Get, "/u/" + tracker.Unsubscribe(), null, ("Host", host));
        using var leave = await tracker.SendAsync(HttpMethod.Post, "/u/" + tracker.Unsubscribe(), null, ("Host", host));
        Assert.Equal(known ? HttpStatusCode.Found : HttpStatusCode.NotFound, click.StatusCode);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        Assert.Equal(known ? HttpStatusCode.OK : HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal(known ? HttpStatusCode.OK : HttpStatusCode.NotFound, leave.StatusCode);
        byte[] kinds = [(byte)EventKind.Clicked, (byte)EventKind.Opened, (byte)EventKind.Unsubscribed];
        Assert.Equal(known ? kinds : [], (await tracker.EventsAsync()).Select(e => e.Row.Kind));
        Assert.Equal(known ? 0 : 4, await tracker.CountAsync("forged"));
    }

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.NotFound)]
    [InlineData("10.0.0.1", HttpStatusCode.Found)]
    [InlineData("", HttpStatusCode.Found)]
    public async Task The_forwarded_host_counts_only_from_a_trusted_proxy(string trusted, HttpStatusCode expected)
    {
        using var accounts = new AccountsOnDisk(Own, Other);
        string[] settings = trusted.Length == 0 ? [accounts.Setting] : [accounts.Setting, $"--Tracker:TrustedProxies:0={trusted}"];
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, settings);
        using var answer = await tracker.SendAsync(
            HttpMethod.Get, "/c/" + tracker.Click(), null, ("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-Host", "links.other.example"));
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("X-Forwarded-Host", "links.shop.example")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("Forwarded", "for=127.0.0.1;host=localhost")]
    public async Task A_request_that_came_through_a_proxy_is_no_operator_s(string header, string value)
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, "--Tracker:TrustedProxies:0=127.0.0.1");
        using var hidden = await tracker.SendAsync(HttpMethod.Get, "/status", null, (header, value));
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
    }

    [Fact]
    public async Task Forwarded_of_rfc_7239_decides_nothing()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, "--Tracker:TrustedProxies:0=127.0.0.1");
        (await tracker.SendAsync(HttpMethod.Get, "/o/" + tracker.Open(), null, ("X-Forwarded-For", "198.51.100.7"), ("Forwarded", "for=203.0.113.9"))).Dispose();
        Assert.Equal(IPAddress.Parse("198.51.100.7").MapToIPv6(), Assert.Single(await tracker.EventsAsync()).Row.Ip);
    }

    [Fact]
    public async Task A_domain_that_an_account_gets_is_its_own_within_seconds()
    {
        using var accounts = new AccountsOnDisk();
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, accounts.Setting);
        async Task<HttpStatusCode> AskAsync()
        {
            using var answer = await tracker.SendAsync(HttpMethod.Head, "/u/" + tracker.Unsubscribe(), null, ("Host", "links.other.example"));
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync());
        accounts.Write(Other);
        await Eventually.HoldsAsync(async () => await AskAsync() == HttpStatusCode.NotFound, "the host is account 8's");
        accounts.Write(Other with { TrackingUrl = null });
        await Eventually.HoldsAsync(async () => await AskAsync() == HttpStatusCode.OK, "the host is everybody's");
    }
}
