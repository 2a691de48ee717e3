using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Delivery.Mta.Smtp;

/// <summary>The name we greet with where none is set.</summary>
internal static class EhloName
{
    /// <summary>
    /// The machine's full name where it has one, else its end of the connection as an address literal
    /// (RFC 5321 section 4.1.3).
    /// </summary>
    public static string Choose(string? configured, EndPoint? local)
    {
        if (!string.IsNullOrEmpty(configured)) return configured;
        var network = IPGlobalProperties.GetIPGlobalProperties();
        var name = network.DomainName.Length > 0 && !network.HostName.Contains('.')
            ? network.HostName + "." + network.DomainName
            : network.HostName;
        if (name.Contains('.') && name.Length <= 255 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-')) return name;

        var address = (local as IPEndPoint)?.Address ?? IPAddress.Loopback;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6) address = new IPAddress(address.GetAddressBytes());
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{address}]" : $"[{address}]";
    }
}
