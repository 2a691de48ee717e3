using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Erasure;

/// <summary>The body of the aggregator's <c>POST /v1/erasures</c>.</summary>
internal sealed record ErasureRequest
{
    /// <summary>Null: that of the API key.</summary>
    public uint? Account { get; init; }

    /// <summary>Recipient keys in hex.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    public string? UpstreamId { get; init; }

    /// <summary>Texts that are the person's alone, such as the address: blank wherever a peer's reply or a URL quotes them.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    public bool DryRun { get; init; }
}

/// <summary>What the aggregator found of a person, and erased unless it was asked only to look.</summary>
/// <param name="Recipients">Rows of recipients that were the person's; their jobs' figures stay.</param>
/// <param name="Events">Events of those.</param>
/// <param name="Mentions">Events of others that quoted one of the texts.</param>
/// <param name="DeadLetters">Records that could not be read and held the person.</param>
/// <param name="RedisRewritten">Redis wrote its files anew, so that they hold nothing that was read and removed before; null where it keeps none.</param>
/// <param name="Verified">Looked at afterwards: no row and no old part of the tables holds the person.</param>
internal sealed record ErasureAnswer(
    uint Account, IReadOnlyList<string> Keys, ulong Recipients, ulong Events, ulong Mentions, long DeadLetters, bool? RedisRewritten, bool Verified, bool Complete, string? Pending);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErasureRequest))]
[JsonSerializable(typeof(ErasureAnswer))]
internal sealed partial class ErasureJson : JsonSerializerContext;
