using Delivery.Contracts;
using Delivery.Contracts.Suppressions;

namespace Delivery.Mta.Suppressions;

/// <summary>
/// Suppressions of all accounts in memory: 31 to 47 bytes each, found with one or two cache lines, without allocating. Grows a small part at a time,
/// so that nobody waits for long. Thread-safe.
/// </summary>
internal sealed class SuppressionTable
{
    private const int StripeBits = 6;

    private readonly SuppressionStripe[] _stripes = new SuppressionStripe[1 << StripeBits];

    public SuppressionTable()
    {
        for (var i = 0; i < _stripes.Length; i++)
            _stripes[i] = new SuppressionStripe();
    }

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var stripe in _stripes)
                count += stripe.Count;
            return count;
        }
    }

    /// <summary>Bytes of memory, about.</summary>
    public long Bytes
    {
        get
        {
            var bytes = 0L;
            foreach (var stripe in _stripes)
                bytes += stripe.Bytes;
            return bytes;
        }
    }

    /// <summary>The person gets no mail of this list. What is about list 0 holds for every list.</summary>
    public bool Contains(uint account, in RecipientKey key, uint list)
    {
        var hash = Hash(account, key);
        return Of(hash).Contains(hash, account, key, list);
    }

    public void Add(in SuppressionSlot slot)
    {
        var hash = Hash(slot.Account, slot.Key);
        Of(hash).Add(hash, slot);
    }

    /// <summary>All that the person is suppressed for is what is given; nothing, where that is empty.</summary>
    public void Replace(uint account, in RecipientKey key, List<SuppressedFor> reasons)
    {
        var hash = Hash(account, key);
        Of(hash).Replace(hash, account, key, reasons);
    }

    /// <summary>What this table holds and the other does not.</summary>
    public List<SuppressionSlot> Without(SuppressionTable other)
    {
        var missing = new List<SuppressionSlot>();
        foreach (var part in Parts())
        {
            foreach (var slot in part)
            {
                var hash = Hash(slot.Account, slot.Key);
                if (!other.Of(hash).Has(hash, slot))
                    missing.Add(slot);
            }
        }

        return missing;
    }

    /// <summary>All that is held, a copy of a part at a time.</summary>
    public IEnumerable<SuppressionSlot[]> Parts()
    {
        foreach (var stripe in _stripes)
            yield return stripe.ToArray();
    }

    /// <summary>Seeded anew in each run: a list of chosen keys cannot make look-ups slow.</summary>
    internal static uint Hash(uint account, in RecipientKey key) => (uint)HashCode.Combine(key.High, key.Low, account);

    /// <summary>By the low bits; the place in it goes by the high ones.</summary>
    private SuppressionStripe Of(uint hash) => _stripes[hash & ((1 << StripeBits) - 1)];
}
