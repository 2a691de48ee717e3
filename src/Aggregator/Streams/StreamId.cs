using System.Globalization;

namespace Delivery.Aggregator.Streams;

/// <summary>Ids of stream entries: <c>milliseconds-sequence</c>.</summary>
internal static class StreamId
{
    public static string Text(ulong milliseconds, ulong sequence) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds}-{sequence}");

    /// <summary>The smallest id above <paramref name="id"/>.</summary>
    public static string After(string id)
    {
        var dash = id.IndexOf('-', StringComparison.Ordinal);
        var milliseconds = Milliseconds(id);
        var sequence = ulong.Parse(id.AsSpan(dash + 1), CultureInfo.InvariantCulture);
        return sequence == ulong.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds + 1}-0")
            : string.Create(CultureInfo.InvariantCulture, $"{milliseconds}-{sequence + 1}");
    }

    /// <exception cref="InvalidDataException">It is no id.</exception>
    public static (ulong Milliseconds, ulong Sequence) Parse(ReadOnlySpan<byte> id)
    {
        var dash = id.IndexOf((byte)'-');
        return dash > 0
            && ulong.TryParse(id[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && ulong.TryParse(id[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? (milliseconds, sequence)
            : throw new InvalidDataException("Redis gave an entry without an id.");
    }

    /// <summary>When the entry was published, by Redis's clock: milliseconds since 1970-01-01 UTC.</summary>
    public static ulong Milliseconds(string id) =>
        ulong.Parse(id.AsSpan(0, id.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
}
