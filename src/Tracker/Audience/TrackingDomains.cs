using System.Collections.Frozen;
using Delivery.Contracts.Access;

namespace Delivery.Tracker.Audience;

/// <summary>
/// Which hosts belong to one account alone: those of <see cref="Account.TrackingUrl"/>, by the accounts file as it is now. Where there is none a
/// request costs two reads. Thread-safe.
/// </summary>
internal sealed class TrackingDomains(ApiKeyTable access)
{
    private Known _known = new(null, FrozenDictionary<string, uint>.Empty);

    /// <summary>True where the request came by the host of another account than the token's: no customer's domain serves another's links.</summary>
    public bool IsForeign(HttpRequest request, uint account)
    {
        var accounts = access.Accounts;
        var known = _known;
        if (!ReferenceEquals(known.Of, accounts))
            _known = known = new Known(accounts, Read(accounts));
        return known.Hosts.Count != 0
            && known.Hosts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(Name(request.Host.Value), out var owner)
            && owner != account;
    }

    private static FrozenDictionary<string, uint> Read(IReadOnlyDictionary<uint, Account> accounts)
    {
        var hosts = new Dictionary<string, uint>(StringComparer.OrdinalIgnoreCase);
        foreach (var account in accounts.Values)
        {
            if (account.TrackingUrl is { } text && TrackingUrl.TryParse(text, out var url))
                hosts[Name(url.Host).ToString()] = account.Id;
        }

        return hosts.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A Host header (RFC 9110 section 7.2) without port, brackets and final dot.</summary>
    private static ReadOnlySpan<char> Name(ReadOnlySpan<char> host)
    {
        if (host.StartsWith('[') && host.IndexOf(']') is > 0 and var end)
            return host[1..end];
        var name = host.IndexOf(':') is >= 0 and var colon ? host[..colon] : host;
        return name.TrimEnd('.');
    }

    private sealed record Known(IReadOnlyDictionary<uint, Account>? Of, FrozenDictionary<string, uint> Hosts);
}
