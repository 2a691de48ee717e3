using System.Net;
using Microsoft.Extensions.Options;

namespace Delivery.Aggregator.Webhooks;

/// <summary>Where webhooks may go. Immutable and thread-safe.</summary>
internal sealed class TargetRules
{
    public const int MaxUrl = 2_000;
    private readonly IPNetwork[] _networks;
    private readonly HashSet<string> _plainHosts;

    public TargetRules(IOptions<AggregatorOptions> options)
    {
        var settings = options.Value.Webhooks;
        _networks = [.. settings.AllowedNetworks.Select(IPNetwork.Parse)];
        _plainHosts = new HashSet<string>(settings.PlainHttpHosts, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The address that is dialled decides, not the name that it was found by.</summary>
    public bool Allows(IPAddress address)
    {
        var plain = PublicAddress.Plain(address);
        foreach (var network in _networks)
        {
            if (network.Contains(plain))
                return true;
        }

        return PublicAddress.Is(address);
    }

    /// <summary>What is wrong with a URL, or null. A host that is a name is looked at when it is dialled.</summary>
    public string? Fault(string text)
    {
        if (text.Length > MaxUrl)
            return $"is longer than {MaxUrl} characters";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.Scheme is not ("http" or "https"))
            return "is no URL such as https://example.com/hooks";
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.Contains('\\', StringComparison.Ordinal))
            return "holds blanks, backslashes or characters beyond ASCII: write it encoded";
        if (url.UserInfo.Length > 0 || text.Contains('@', StringComparison.Ordinal) && text.IndexOf('@', StringComparison.Ordinal) < Path(text))
            return "holds a user name or password: the signature is what tells the receiver who sends";
        if (text.Contains('#', StringComparison.Ordinal))
            return "has a fragment: leave out what begins with #";
        if (url.Scheme == "http" && !_plainHosts.Contains(url.Host) && !_plainHosts.Contains(url.IdnHost))
            return "must be https";
        if (url.Port == 0)
            return "has the port 0, which nobody can listen at";
        var host = url.DnsSafeHost.TrimEnd('.');
        return IPAddress.TryParse(host, out var address) && !Allows(address) || IsThisMachine(host) && !MayBeThisMachine(url) ? "leads to an address that is not public" : null;
    }

    /// <summary>RFC 6761, section 6.3.</summary>
    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private bool MayBeThisMachine(Uri url) => _plainHosts.Contains(url.Host) || Allows(IPAddress.Loopback) || Allows(IPAddress.IPv6Loopback);

    private static int Path(string text)
    {
        var authority = text.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = text.AsSpan(authority).IndexOfAny('/', '?', '#');
        return end < 0 ? text.Length : authority + end;
    }
}
