using System.Net;
using Delivery.Tracker.Audience;

namespace Delivery.Tracker.Tests.Audience;

public sealed class KeptAddressTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Theory]
    [InlineData("198.51.100.77", "198.51.100.0")]
    [InlineData("::ffff:198.51.100.77", "::ffff:198.51.100.0")]
    [InlineData("2001:db8:1234:5678:9abc:def0:1234:5678", "2001:db8:1234::")]
    [InlineData("fe80::1%3", "fe80::")]
    [InlineData("::1", "::")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    public void The_network_stays_of_an_address(string address, string kept) => Assert.Equal(IPAddress.Parse(kept), KeptAddress.Truncate(IPAddress.Parse(address)));

    [Theory]
    [InlineData("", "198.51.100.0", "2001:db8:1::")]
    [InlineData("Truncated", "198.51.100.0", "2001:db8:1::")]
    [InlineData("Full", "198.51.100.77", "2001:db8:1:2::3")]
    [InlineData("None", "::", "::")]
    public async Task Events_of_every_kind_keep_what_the_setting_says(string setting, string four, string six)
    {
        string[] settings = ["--Tracker:TrustedProxies:0=127.0.0.1", $"--Tracker:IpAddresses={(setting.Length == 0 ? new TrackerOptions().IpAddresses.ToString() : setting)}"];
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, settings);
        foreach (var from in (string[])["198.51.100.77", "2001:db8:1:2::3"])
        {
            (await tracker.SendAsync(HttpMethod.Get, "/o/" + tracker.Open(), null, ("X-Forwarded-For", from))).Dispose();
            (await tracker.SendAsync(HttpMethod.Get, "/c/" + tracker.Click(), null, ("X-Forwarded-For", from))).Dispose();
            (await tracker.SendAsync(HttpMethod.Post, "/u/" + tracker.Unsubscribe(), null, ("X-Forwarded-For", from))).Dispose();
        }

        var kept = (await tracker.EventsAsync()).Select(e => e.Row.Ip).ToList();
        var (first, second) = (IPAddress.Parse(four).MapToIPv6(), IPAddress.Parse(six).MapToIPv6());
        Assert.Equal([first, first, first, second, second, second], kept);
    }
}
