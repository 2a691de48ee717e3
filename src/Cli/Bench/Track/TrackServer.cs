using System.Net;

namespace Delivery.Cli.Bench.Track;

/// <summary>One that is asked.</summary>
/// <param name="Usage">What it has used so far; null where that is not looked at.</param>
/// <param name="Redis">What its Redis has used; null where it has none.</param>
internal sealed record TrackServer(string Name, int Port, Func<ProcessUsage>? Usage, Func<ProcessUsage>? Redis = null)
{
    public IPEndPoint Address { get; } = new(IPAddress.Loopback, Port);
}
