namespace Delivery.Tracker.Journaling;

/// <summary>What was written under <paramref name="Producer"/> from number <paramref name="From"/> on is published under <paramref name="New"/>, from 1 on.</summary>
internal readonly record struct Renumbering(ulong Producer, ulong From, ulong New)
{
    /// <summary>The name and number under which an entry is published: all of a shard's renumberings, in the order they were made.</summary>
    public static (ulong Producer, ulong First) Apply(ReadOnlySpan<Renumbering> all, ulong producer, ulong first)
    {
        foreach (var one in all)
        {
            if (one.Producer == producer && first >= one.From)
                (producer, first) = (one.New, first - one.From + 1);
        }

        return (producer, first);
    }
}
