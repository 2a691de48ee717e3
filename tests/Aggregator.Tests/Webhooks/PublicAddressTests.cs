using System.Buffers.Binary;
using System.Net;
using Delivery.Aggregator.Webhooks;
using Microsoft.Extensions.Options;

namespace Delivery.Aggregator.Tests.Webhooks;

public class PublicAddressTests
{
    private static readonly string[] Closed =
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
    ];

    /// <summary>Whatever a closed IPv4 address is wrapped in, it is not public; and the wrappings of an open one are not, but for the plain mapped one.</summary>
    [Fact]
    public void No_form_of_a_closed_address_is_public()
    {
        var random = new Random(9);
        foreach (var network in Closed.Select(IPNetwork.Parse))
        {
            for (var i = 0; i < 500; i++)
            {
                var first = BinaryPrimitives.ReadUInt32BigEndian(network.BaseAddress.GetAddressBytes());
                var address = V4(first | (uint)(random.NextInt64(1L << 32) & ((1L << (32 - network.PrefixLength)) - 1)));
                Assert.False(PublicAddress.Is(address), address.ToString());
                Assert.False(PublicAddress.Is(address.MapToIPv6()), address.MapToIPv6().ToString());
                foreach (var wrapped in Wrappings(address))
                    Assert.False(PublicAddress.Is(wrapped), $"{wrapped} for {address}");
            }
        }
    }

    [Fact]
    public void Only_global_unicast_is_public_and_its_wrappings_are_not()
    {
        var (random, open) = (new Random(10), 0);
        for (var i = 0; i < 20_000; i++)
        {
            var address = V4((uint)random.NextInt64(1L << 32));
            Assert.Equal(PublicAddress.Is(address), PublicAddress.Is(address.MapToIPv6()));
            open += PublicAddress.Is(address) ? 1 : 0;
            foreach (var wrapped in Wrappings(address))
                Assert.False(PublicAddress.Is(wrapped), wrapped.ToString());
            var bytes = new byte[16];
            random.NextBytes(bytes);
            var v6 = new IPAddress(bytes);
            Assert.True((bytes[0] & 0xE0) == 0x20 || !PublicAddress.Is(v6), v6.ToString());
        }

        Assert.InRange(open, 16_000, 18_500);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.0", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("168.63.129.16", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1%2", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("64:ff9b:1::a00:1", false)]
    public void Well_known_addresses(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));

    /// <summary>What people write for 127.0.0.1 to get past a filter.</summary>
    [Theory]
    [InlineData("https://127.1/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:7f00:1]/")]
    [InlineData("https://[0:0:0:0:0:ffff:127.0.0.1]/")]
    [InlineData("https://127.0.0.1./")]
    [InlineData("https://example.com\\@127.0.0.1/")]
    [InlineData("https://example.com@127.0.0.1/")]
    [InlineData("https://①②⑦.0.0.1/")]
    public void A_disguised_address_of_this_machine_is_refused_as_a_URL_or_leads_to_a_name(string url)
    {
        var fault = new TargetRules(Options.Create(new AggregatorOptions())).Fault(url);
        Assert.True(fault is not null || !IPAddress.TryParse(new Uri(url).DnsSafeHost.TrimEnd('.'), out _) || new Uri(url).DnsSafeHost.EndsWith('.'), fault);
    }

    [Theory]
    [InlineData("https://localhost/")]
    [InlineData("https://LOCALHOST./")]
    [InlineData("https://app.localhost:8443/hooks")]
    [InlineData("https://app.localhost./")]
    [InlineData("https://127.0.0.1./")]
    public void A_name_of_this_machine_is_refused_unless_its_address_is_allowed(string url)
    {
        var options = new AggregatorOptions();
        Assert.Contains("not public", new TargetRules(Options.Create(options)).Fault(url), StringComparison.Ordinal);
        options.Webhooks.AllowedNetworks.Add("127.0.0.1/32");
        Assert.Null(new TargetRules(Options.Create(options)).Fault(url));
    }

    [Fact]
    public void A_port_that_nobody_listens_at_is_refused_and_so_is_no_name_that_only_looks_like_this_machine()
    {
        var rules = new TargetRules(Options.Create(new AggregatorOptions()));
        Assert.Contains("port 0", rules.Fault("https://example.com:0/"), StringComparison.Ordinal);
        Assert.Null(rules.Fault("https://notlocalhost/"));
        Assert.Null(rules.Fault("https://localhost.example.com/"));
    }

    [Fact]
    public void An_allowed_network_opens_that_network_alone()
    {
        var options = new AggregatorOptions();
        options.Webhooks.AllowedNetworks.Add("10.1.0.0/16");
        var rules = new TargetRules(Options.Create(options));
        Assert.True(rules.Allows(IPAddress.Parse("10.1.2.3")));
        Assert.True(rules.Allows(IPAddress.Parse("::ffff:10.1.2.3")));
        Assert.False(rules.Allows(IPAddress.Parse("10.2.0.1")));
    }

    private static IPAddress V4(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return new IPAddress(bytes);
    }

    /// <summary>IPv4-compatible, NAT64, 6to4, Teredo, IPv4-translated.</summary>
    private static IEnumerable<IPAddress> Wrappings(IPAddress address)
    {
        var v4 = address.GetAddressBytes();
        yield return new IPAddress([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. v4]);
        yield return new IPAddress([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, .. v4]);
        yield return new IPAddress([0x20, 0x02, .. v4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        yield return new IPAddress([0x20, 0x01, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0, .. v4.Select(b => (byte)~b)]);
        yield return new IPAddress([0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, .. v4]);
    }
}
