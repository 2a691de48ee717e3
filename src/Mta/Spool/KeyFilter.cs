namespace Delivery.Mta.Spool;

/// <summary>
/// A Bloom filter of 64-bit keys that are uniformly distributed, four bits of each in one cache line: answers surely "not here", or "perhaps".
/// At its bound, twelve bits a key, about one answer in a hundred is "perhaps" for nothing. Not thread-safe.
/// </summary>
internal sealed class KeyFilter
{
    private const int SmallestBits = 23;
    private const int LargestBits = 30;
    private const int GrowthBits = 2;
    private const int BitsPerKey = 12;
    private const int LineWords = 8;

    private readonly int _bits;
    private readonly ulong[] _words;

    private KeyFilter(int bits)
    {
        _bits = bits;
        _words = new ulong[1L << (bits - 6)];
    }

    /// <summary>A new one of 1 MB.</summary>
    public static KeyFilter Smallest => new(SmallestBits);

    /// <summary>True while so many keys are not too many; the largest, of 128 MB, suits any number.</summary>
    public bool Suits(long keys) => _bits >= LargestBits || keys * BitsPerKey <= 1L << _bits;

    /// <summary>A new one of four times the size, empty.</summary>
    public KeyFilter Larger() => new(Math.Min(_bits + GrowthBits, LargestBits));

    /// <summary>True where the key was surely not added before.</summary>
    public bool Add(ulong key)
    {
        var line = _words.AsSpan((int)(key >> (64 - _bits + 9)) * LineWords, LineWords);
        var isNew = false;
        for (var i = 0; i < 4; i++)
        {
            // Nine bits for each, from those below what chose the line: 36 and at most 21.
            var bit = (int)(key >> (i * 9)) & 511;
            ref var word = ref line[bit >> 6];
            isNew |= (word & 1UL << (bit & 63)) == 0;
            word |= 1UL << (bit & 63);
        }

        return isNew;
    }
}
