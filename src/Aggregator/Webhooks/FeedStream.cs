using System.Globalization;

namespace Delivery.Aggregator.Webhooks;

/// <summary>Numbers that rise together: those that one producer gave on one shard. Written <c>shard:producer</c>.</summary>
internal readonly record struct FeedStream(int Shard, ulong Producer)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Shard}:{Producer}");

    /// <exception cref="FormatException">It is not of the form.</exception>
    public static FeedStream Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? new(int.Parse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture), ulong.Parse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture))
            : throw new FormatException("A stream is written SHARD:PRODUCER.");
    }
}
