namespace Delivery.Tracker.Audience;

/// <summary>What events keep of a reader's address.</summary>
internal enum IpAddresses
{
    /// <summary>The network: IPv4 to /24, IPv6 to /48.</summary>
    Truncated,

    /// <summary>All of it.</summary>
    Full,

    /// <summary>Nothing.</summary>
    None,
}
