using System.Net;
using Delivery.Contracts.Events;

namespace Delivery.Contracts.Readers;

/// <summary>Who opened or clicked, by what an event keeps: its address and its user agent. Thread-safe.</summary>
public sealed class ReaderRules(ClassificationOptions options)
{
    /// <summary>Longest user agent, in characters, that is looked at and kept.</summary>
    public const int MaxUserAgent = EventLimits.UserAgentBytes;

    private readonly NetworkTable _networks = new(options.Networks);
    private readonly UserAgents _userAgents = new();

    /// <summary>What the operator knows of the address.</summary>
    public bool TryFindNetwork(EventKind kind, IPAddress? address, out ReaderVerdict verdict) => _networks.TryFind(kind, address, out verdict);

    /// <param name="userAgent">At most <see cref="MaxUserAgent"/> characters; empty where there is none.</param>
    public ReaderVerdict ByUserAgent(EventKind kind, string userAgent) => _userAgents.Find(kind, userAgent);

    /// <summary>Both: the network comes first.</summary>
    public ReaderVerdict Find(EventKind kind, IPAddress? address, string userAgent) =>
        TryFindNetwork(kind, address, out var verdict) ? verdict : ByUserAgent(kind, userAgent);
}
