namespace Delivery.Mta.Outcomes;

/// <summary>A host name, or <c>*.example.com</c> for every name below a domain. Without case; a port is not looked at.</summary>
internal readonly record struct PeerPattern(string Name)
{
    public bool Matches(ReadOnlySpan<char> host) =>
        Name.StartsWith('*')
            ? host.Length >= Name.Length && host.EndsWith(Name.AsSpan(1), StringComparison.OrdinalIgnoreCase)
            : host.Equals(Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>A peer as <see cref="Smtp.DeliveryAttempt.MxHost"/> names it, without its port.</summary>
    public static ReadOnlySpan<char> HostOf(ReadOnlySpan<char> peer) => peer.LastIndexOf(':') is >= 0 and var colon ? peer[..colon] : peer;
}
