using System.Net;
using System.Net.Sockets;

namespace Delivery.Aggregator.Webhooks;

/// <summary>
/// Tells an address that anybody on the internet could reach from one that leads to this machine, its neighbours or the provider's own
/// services, whatever form it is written in. What is not known to be public is not.
/// </summary>
internal static class PublicAddress
{
    /// <summary>IPv4 that is not public: RFC 6890 and what followed it, and a cloud's address inside the public range.</summary>
    private static readonly IPNetwork[] Closed4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Open6 = IPNetwork.Parse("2000::/3");

    /// <summary>Of the public IPv6 range: special purposes with Teredo (2001::/23), documentation, 6to4, whose addresses hold IPv4 ones.</summary>
    private static readonly IPNetwork[] Closed6 =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    public static bool Is(IPAddress address)
    {
        address = Plain(address);
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Closed4.Any(network => network.Contains(address)),
            AddressFamily.InterNetworkV6 => address.ScopeId == 0 && Open6.Contains(address) && !Closed6.Any(network => network.Contains(address)),
            _ => false,
        };
    }

    /// <summary>An IPv4 address mapped into IPv6 as what it is.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
