using System.Text.Json.Serialization;

namespace Delivery.Tracker.Erasure;

/// <summary>What the tracker answers to an erasure.</summary>
/// <param name="Complete">All that was recorded before the call is gone from this tracker's disk.</param>
/// <param name="Pending">What it waits for; null where it is complete.</param>
internal sealed record JournalErased(bool Complete, string? Pending);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalErased))]
internal sealed partial class ErasureJson : JsonSerializerContext;
