using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Mails;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MailAnswer))]
[JsonSerializable(typeof(MailPiece))]
[JsonSerializable(typeof(MailJob))]
internal sealed partial class MailJson : JsonSerializerContext;
