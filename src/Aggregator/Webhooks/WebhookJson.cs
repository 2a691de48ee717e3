using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Webhooks;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Subscription))]
[JsonSerializable(typeof(FeedCursor))]
[JsonSerializable(typeof(PendingBatch))]
[JsonSerializable(typeof(AttemptLine))]
[JsonSerializable(typeof(AttemptList))]
[JsonSerializable(typeof(WebhookAnswer))]
[JsonSerializable(typeof(WebhookList))]
[JsonSerializable(typeof(TestAnswer))]
internal sealed partial class WebhookJson : JsonSerializerContext;
