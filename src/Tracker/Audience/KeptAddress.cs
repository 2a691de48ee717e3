using System.Net;
using Microsoft.Extensions.Options;

namespace Delivery.Tracker.Audience;

/// <summary>A reader's address as its event has it. Whatever decides by the address sees it whole, before. Thread-safe.</summary>
internal sealed class KeptAddress(IOptions<TrackerOptions> options)
{
    private const int KeptBytesOfIPv4 = 3;
    private const int KeptBytesOfIPv6 = 6;
    private readonly IpAddresses _kept = options.Value.IpAddresses;

    public IPAddress? Of(HttpContext context) => context.Connection.RemoteIpAddress is not { } address ? null : _kept switch
    {
        IpAddresses.Full => address,
        IpAddresses.Truncated => Truncate(address),
        _ => null,
    };

    /// <summary>The address with all but its first 24 bits (IPv4, mapped or not) or 48 bits (IPv6) zero, and without a zone.</summary>
    public static IPAddress Truncate(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.IsIPv4MappedToIPv6)
        {
            address.TryWriteBytes(bytes, out _);
            bytes[15] = 0;
            return new IPAddress(bytes);
        }

        address.TryWriteBytes(bytes, out var length);
        bytes[(length == 4 ? KeptBytesOfIPv4 : KeptBytesOfIPv6)..length].Clear();
        return new IPAddress(bytes[..length]);
    }
}
