using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Live;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LiveCounters))]
internal sealed partial class LiveJson : JsonSerializerContext;
