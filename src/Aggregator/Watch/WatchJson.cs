using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Watch;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StreamsReading))]
internal sealed partial class WatchJson : JsonSerializerContext;
