using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Letters;

/// <summary>A dead letter as its operator sees it.</summary>
/// <param name="Id">Its place among the shard's dead letters.</param>
/// <param name="Time">When it became one.</param>
/// <param name="Entry">Id of the stream entry that held it.</param>
/// <param name="Records">Empty for one record; for a whole entry the records that it says it has.</param>
/// <param name="Raw">Its bytes, where they were asked for.</param>
internal sealed record Letter(
    int Shard,
    string Id,
    DateTimeOffset Time,
    string Reason,
    string Producer,
    string Number,
    string Entry,
    string Records,
    int Bytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte[]? Raw);
