using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Delivery.Contracts.Telemetry;

/// <summary>
/// Tells an operator's request from one that came from outside: it comes from this machine or from an address of <see cref="OperatorOptions"/>,
/// and through no proxy. A proxy on this machine has to say that it is one, by any of the usual headers. Immutable and thread-safe.
/// </summary>
public sealed class OperatorGate(IOptions<OperatorOptions> options)
{
    private static readonly string[] ProxyHeaders =
        ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "X-Original-Host", "X-Real-IP", "Forwarded", "Via"];

    private readonly IPNetwork[] _networks = [.. options.Value.Addresses.Select(Network)];

    public bool Lets(HttpContext context)
    {
        foreach (var header in ProxyHeaders)
        {
            if (context.Request.Headers.ContainsKey(header))
                return false;
        }

        if (ChangesForAWebPage(context.Request))
            return false;
        if (context.Connection.RemoteIpAddress is not { } remote)
            return false;
        remote = Plain(remote);
        if (IPAddress.IsLoopback(remote) || (context.Connection.LocalIpAddress is { } local && remote.Equals(Plain(local))))
            return true;
        foreach (var network in _networks)
        {
            if (network.Contains(remote))
                return true;
        }

        return false;
    }

    /// <summary>A page in an operator's browser may send anything but a key to where only the address counts; browsers name the page it is for.</summary>
    private static bool ChangesForAWebPage(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
        && (request.Headers.ContainsKey("Origin") || (request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site != "none"));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPNetwork Network(string text) => IPAddress.TryParse(text, out var address)
        ? new IPNetwork(Plain(address), Plain(address).GetAddressBytes().Length * 8)
        : IPNetwork.Parse(text);
}
