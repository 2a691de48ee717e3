using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Delivery.Aggregator.Hindsight;

/// <summary>An operator's wish to have the rules of today applied to stored events: of one job, or since a moment.</summary>
internal sealed record ReclassifyOrder(ulong? Job, long SinceMs)
{
    public override string ToString() => Job is { } job
        ? string.Create(CultureInfo.InvariantCulture, $"job:{job}")
        : string.Create(CultureInfo.InvariantCulture, $"since:{SinceMs}");

    public static bool TryParse(string text, [NotNullWhen(true)] out ReclassifyOrder? order)
    {
        order = null;
        if (text.StartsWith("job:", StringComparison.Ordinal) && ulong.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var job))
            order = new ReclassifyOrder(job, 0);
        else if (text.StartsWith("since:", StringComparison.Ordinal) && long.TryParse(text.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var since))
            order = new ReclassifyOrder(null, since);
        return order is not null;
    }
}
