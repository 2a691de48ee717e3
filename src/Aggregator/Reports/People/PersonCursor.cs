using System.Globalization;

namespace Delivery.Aggregator.Reports.People;

/// <summary>Where a page of a person's events ends: the time and the identity of the last one.</summary>
internal sealed record PersonCursor(long Ms, ushort Shard, ulong Producer, ulong Number)
{
    /// <summary>What is behind it, newest first, as a condition on <c>events AS e</c>; numbers alone.</summary>
    public string Sql => string.Create(
        CultureInfo.InvariantCulture,
        $"(toUnixTimestamp64Milli(e.time), e.shard, e.producer, e.number) < (toInt64({Ms}), toUInt16({Shard}), toUInt64({Producer}), toUInt64({Number}))");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ms}-{Shard}-{Producer}-{Number}");

    public static PersonCursor? Parse(string text) =>
        text.Split('-') is [var ms, var shard, var producer, var number]
        && long.TryParse(ms, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
        && ushort.TryParse(shard, NumberStyles.None, CultureInfo.InvariantCulture, out var stream)
        && ulong.TryParse(producer, NumberStyles.None, CultureInfo.InvariantCulture, out var who)
        && ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var which)
            ? new PersonCursor(time, stream, who, which)
            : null;
}
