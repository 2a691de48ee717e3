namespace Delivery.Aggregator.Webhooks;

/// <summary>What the senders of all webhooks share.</summary>
internal sealed record SenderParts(
    FeedQuery Query, FeedMarks Marks, SubscriptionStore Store, SenderLedger Ledger, WebhookHttp Http, SendSlots Slots, WebhookMetrics Metrics);
