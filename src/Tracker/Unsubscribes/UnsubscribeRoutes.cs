namespace Delivery.Tracker.Unsubscribes;

internal static class UnsubscribeRoutes
{
    private static readonly string[] Looking = ["GET", "HEAD"];

    public static void MapUnsubscribes(this IEndpointRouteBuilder routes)
    {
        var endpoint = routes.ServiceProvider.GetRequiredService<UnsubscribeEndpoint>();
        routes.MapMethods("/u/{token}", Looking, endpoint.ShowAsync);
        routes.MapPost("/u/{token}", endpoint.ChangeAsync);
    }
}
