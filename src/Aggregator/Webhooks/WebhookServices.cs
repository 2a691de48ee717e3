namespace Delivery.Aggregator.Webhooks;

/// <summary>What webhooks are made of.</summary>
internal static class WebhookServices
{
    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<TargetRules>();
        services.AddSingleton<WebhookHttp>();
        services.AddSingleton<SendSlots>();
        services.AddSingleton<TestPlaces>();
        services.AddSingleton<FeedMarks>();
        services.AddSingleton<FeedQuery>();
        services.AddSingleton<SubscriptionStore>();
        services.AddSingleton<SenderLedger>();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<SenderParts>();
        services.AddSingleton<AccountWebhooks>();
        services.AddHostedService<WebhookService>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, WebhookJson.Default));
    }
}
