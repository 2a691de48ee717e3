using System.Net;

namespace Delivery.Tracker.Tests;

public sealed class ForwardedForTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Theory]
    [InlineData("", "198.51.100.7", "127.0.0.1")]
    [InlineData("127.0.0.1", "198.51.100.7", "198.51.100.7")]
    [InlineData("127.0.0.0/8", "198.51.100.7", "198.51.100.7")]
    [InlineData("127.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7")]
    [InlineData("127.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("10.0.0.1", "198.51.100.7", "127.0.0.1")]
    [InlineData("127.0.0.1", "nonsense", "127.0.0.1")]
    public async Task The_forwarded_address_counts_only_from_a_trusted_proxy(string trusted, string forwarded, string expected)
    {
        string[] settings = trusted.Length == 0 ? [] : [$"--Tracker:TrustedProxies:0={trusted}"];
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, settings);
        (await tracker.SendAsync(HttpMethod.Get, "/o/" + tracker.Open(), null, ("X-Forwarded-For", forwarded))).Dispose();
        Assert.Equal(IPAddress.Parse(expected).MapToIPv6(), Assert.Single(await tracker.EventsAsync()).Row.Ip);
    }
}
