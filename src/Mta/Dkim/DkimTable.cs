namespace Delivery.Mta.Dkim;

/// <summary>The active keys by domain, at one moment. Immutable.</summary>
internal sealed class DkimTable
{
    public static readonly DkimTable Empty = new([]);
    private readonly Dictionary<string, DkimKey[]> _domains = new(StringComparer.OrdinalIgnoreCase);

    public DkimTable(IEnumerable<DkimKey> keys)
    {
        foreach (var domain in keys.GroupBy(key => key.Domain, StringComparer.Ordinal))
            _domains.Add(domain.Key, [.. domain.OrderBy(key => key.Selector, StringComparer.Ordinal)]);
    }

    public bool IsEmpty => _domains.Count == 0;

    /// <summary>Domains with a key.</summary>
    public int Count => _domains.Count;

    public bool Contains(DkimKey key) => Array.IndexOf(Of(key.Domain), key) >= 0;

    /// <summary>
    /// The keys of the domain or of its nearest parent that has any, by selector; empty where none has. So the signature is aligned with
    /// the From domain in DMARC's relaxed mode (RFC 7489 section 3.1.1).
    /// </summary>
    /// <param name="domain">In ASCII.</param>
    public DkimKey[] Find(ReadOnlySpan<char> domain)
    {
        if (IsEmpty)
            return [];
        while (true)
        {
            if (Of(domain) is { Length: > 0 } keys)
                return keys;
            var dot = domain.IndexOf('.');
            if (dot < 0)
                return [];
            domain = domain[(dot + 1)..];
        }
    }

    private DkimKey[] Of(ReadOnlySpan<char> domain) => _domains.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(domain, out var keys) ? keys : [];
}
