using System.Collections.Frozen;

namespace Delivery.Aggregator.Webhooks;

/// <summary>Kinds of events as the API and table <c>events</c> name them.</summary>
internal static class EventNames
{
    public static IReadOnlyList<string> All { get; } =
        ["accepted", "delivered", "deferred", "bounced", "dropped", "expired", "out_of_band", "opened", "clicked", "unsubscribed", "resubscribed", "complained"];

    private static readonly FrozenSet<string> Known = All.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsOne(string name) => Known.Contains(name);
}
