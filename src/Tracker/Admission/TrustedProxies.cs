using System.Net;
using IPNetwork = System.Net.IPNetwork;

namespace Delivery.Tracker.Admission;

/// <summary>The addresses and networks of <see cref="TrackerOptions.TrustedProxies"/>.</summary>
internal sealed class TrustedProxies
{
    private readonly List<IPAddress> _addresses = [];
    private readonly List<IPNetwork> _networks = [];

    /// <param name="texts">Each an address or a network, as the options were checked to be.</param>
    public TrustedProxies(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            if (IPAddress.TryParse(text, out var address))
                _addresses.Add(address);
            else
                _networks.Add(IPNetwork.Parse(text));
        }
    }

    public bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (_addresses.Contains(address))
            return true;
        foreach (var network in _networks)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }
}
