using System.ComponentModel.DataAnnotations;
using System.Net;
using Delivery.Contracts.Events;
using Delivery.Contracts.Readers;

namespace Delivery.Contracts.Tests.Readers;

public sealed class NetworkTableTests
{
    [Fact]
    public void Any_address_finds_what_looking_at_every_network_in_turn_finds()
    {
        var random = new Random(7);
        var networks = Enumerable.Range(0, 400).Select(i => new ReaderNetwork { Network = Network(random), Reason = "n" + i }).DistinctBy(n => n.Network).ToList();
        var table = new NetworkTable(networks);
        var parsed = networks.Select(n => (n.Reason, Network: IPNetwork.Parse(n.Network), Six: n.Network.Contains(':'))).ToList();
        var found = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var address = Address(random, i % 3 == 0);
            var expected = parsed.Where(n => n.Six == address.ToString().Contains(':') && n.Network.Contains(address)).OrderByDescending(n => n.Network.PrefixLength).FirstOrDefault();
            Assert.Equal(expected.Reason is not null, table.TryFind(EventKind.Clicked, address, out var verdict));
            Assert.Equal(expected.Reason, verdict.Reason);
            found += expected.Reason is null ? 0 : 1;
        }

        Assert.InRange(found, 300, 2_700);
    }

    [Fact]
    public void Without_networks_or_without_an_address_there_is_nothing_to_find()
    {
        Assert.False(new NetworkTable([]).TryFind(EventKind.Opened, IPAddress.Loopback, out _));
        Assert.False(new NetworkTable([new ReaderNetwork { Network = "0.0.0.0/0" }]).TryFind(EventKind.Opened, null, out _));
    }

    [Fact]
    public void All_of_IPv4_is_not_all_of_IPv6()
    {
        var table = new NetworkTable([new ReaderNetwork { Network = "0.0.0.0/0" }]);
        Assert.True(table.TryFind(EventKind.Opened, IPAddress.Parse("203.0.113.9"), out _));
        Assert.True(table.TryFind(EventKind.Opened, IPAddress.Parse("::ffff:203.0.113.9"), out _));
        Assert.False(table.TryFind(EventKind.Opened, IPAddress.Parse("2001:db8::1"), out _));
    }

    [Theory]
    [InlineData("10.0.0.300")]
    [InlineData("10.0.0.0/33")]
    [InlineData("")]
    [InlineData("example.com")]
    public void What_is_no_network_is_named_by_the_check_of_the_settings(string network)
    {
        var setting = new ReaderNetwork { Network = network };
        var faults = setting.Validate(new ValidationContext(setting)).ToList();
        Assert.Contains("Tracker:Classification:Networks", Assert.Single(faults).ErrorMessage, StringComparison.Ordinal);
    }

    private static string Network(Random random)
    {
        if (random.Next(2) == 0)
        {
            var length = random.Next(17, 33);
            return $"{new IPAddress(Masked(Address(random, four: true).GetAddressBytes(), length))}/{length}";
        }

        var six = random.Next(44, 129);
        return $"{new IPAddress(Masked(Address(random, four: false).GetAddressBytes(), six))}/{six}";
    }

    /// <summary>From a small part of the addresses, so that networks hold some.</summary>
    private static IPAddress Address(Random random, bool four)
    {
        if (four)
            return new IPAddress([10, (byte)random.Next(8), (byte)random.Next(256), (byte)random.Next(256)]);
        var bytes = IPAddress.Parse("2001:db8::").GetAddressBytes();
        bytes[4] = (byte)random.Next(16);
        bytes[5] = (byte)random.Next(256);
        return new IPAddress(bytes);
    }

    private static byte[] Masked(byte[] bytes, int length)
    {
        for (var bit = length; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return bytes;
    }
}
