namespace Delivery.Mta.Look;

internal static class LookServices
{
    public static void AddLook(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, LookJson.Default));
        services.AddSingleton<LookGate>();
        services.AddSingleton<JobCheck>();
        services.AddSingleton<MailPreview>();
        services.AddSingleton<StoredMail>();
    }
}
