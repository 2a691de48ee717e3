namespace Delivery.Aggregator.Webhooks;

/// <summary>Up to where a webhook has everything. As Redis keeps it.</summary>
internal sealed class FeedCursor
{
    /// <summary><see cref="FeedStream"/> → the last number that need not be sent any more; a stream that is not here begins with 1.</summary>
    public Dictionary<string, ulong> Marks { get; init; } = [];

    /// <summary>Shard → place in its list of events that came late.</summary>
    public Dictionary<int, LatePlace> Late { get; init; } = [];

    public FeedCursor Copy() => new() { Marks = new(Marks), Late = new(Late) };
}

/// <param name="Id">The last entry of the list that is done.</param>
/// <param name="Within">Of the next entry, the last number that is done; 0 where none is.</param>
internal readonly record struct LatePlace(string Id, ulong Within)
{
    public const string Start = "0-0";
}
