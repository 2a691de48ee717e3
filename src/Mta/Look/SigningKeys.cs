namespace Delivery.Mta.Look;

/// <summary>Which domains' mail is signed (DKIM, RFC 6376). Keys are no part of this program's settings, so it signs for no domain; a relay behind it may.</summary>
internal sealed class SigningKeys
{
    private readonly HashSet<string> _domains = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="domain">In ASCII.</param>
    public bool HasKeyFor(string domain) => _domains.Contains(domain);
}
