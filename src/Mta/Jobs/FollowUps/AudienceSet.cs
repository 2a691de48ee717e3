using System.Numerics;

namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>Recipients of a job by their ordinals: a bit for each that the job has, so ten million take 1.25 MB. Not thread-safe.</summary>
/// <param name="recipients">How many the job has.</param>
internal sealed class AudienceSet(long recipients)
{
    private readonly ulong[] _bits = new ulong[(recipients + 63) / 64];

    /// <summary>People who were added, those that the job does not have here among them.</summary>
    public long People { get; private set; }

    public void Add(uint ordinal)
    {
        People++;
        if (ordinal < recipients)
            _bits[ordinal / 64] |= 1UL << (int)(ordinal % 64);
    }

    /// <summary>False for ordinals that the job does not have.</summary>
    public bool Contains(uint ordinal) => ordinal < recipients && (_bits[ordinal / 64] >> (int)(ordinal % 64) & 1) != 0;

    /// <summary>The first in the set from <paramref name="ordinal"/> on; null where there is none.</summary>
    public uint? Next(uint ordinal)
    {
        if (ordinal >= recipients)
            return null;
        var at = ordinal / 64;
        var word = _bits[at] & ulong.MaxValue << (int)(ordinal % 64);
        while (word == 0)
        {
            if (++at >= _bits.Length)
                return null;
            word = _bits[at];
        }

        return at * 64 + (uint)BitOperations.TrailingZeroCount(word);
    }
}
