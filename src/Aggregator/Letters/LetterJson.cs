using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Letters;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(LetterPage))]
[JsonSerializable(typeof(Letter))]
[JsonSerializable(typeof(LetterOrder))]
[JsonSerializable(typeof(LetterChange))]
internal sealed partial class LetterJson : JsonSerializerContext;
