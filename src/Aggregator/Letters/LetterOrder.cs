using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Letters;

/// <summary>Which dead letters are meant: some by id, those whose reason holds a text, or all.</summary>
internal sealed record LetterOrder
{
    [JsonRequired]
    public int Shard { get; init; }

    public IReadOnlyList<string>? Ids { get; init; }

    public string? Reason { get; init; }

    public bool All { get; init; }

    /// <summary>Where an earlier call ended.</summary>
    public string? After { get; init; }

    /// <summary>The last letter that is meant, as an earlier call answered; the newest now unless given.</summary>
    public string? Until { get; init; }

    /// <summary>What is wrong with it and how to mend that; null where nothing is.</summary>
    public string? Fault(int shards, int maxIds) =>
        Shard < 0 || Shard >= shards ? $"shard: there are shards 0 to {shards - 1}."
        : (Ids is null ? 0 : 1) + (string.IsNullOrEmpty(Reason) ? 0 : 1) + (All ? 1 : 0) != 1 ? "Name exactly one of ids, reason and all."
        : Ids is { Count: 0 } || Ids?.Count > maxIds ? $"ids: 1 to {maxIds} of them."
        : Ids?.FirstOrDefault(id => !LetterId.IsOne(id)) is { } bad ? $"ids: '{bad}' is no id of a dead letter, such as 1763829000123-0."
        : After is not null && !LetterId.IsOne(After) ? "after: give what an earlier answer had as next."
        : Until is not null && !LetterId.IsOne(Until) ? "until: give what an earlier answer had as until."
        : null;
}
