using System.Text.Json;
using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Audit;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(AuditLine))]
[JsonSerializable(typeof(AuditRequest))]
internal sealed partial class AuditJson : JsonSerializerContext;
