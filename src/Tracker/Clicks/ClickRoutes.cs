namespace Delivery.Tracker.Clicks;

internal static class ClickRoutes
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    public static void MapClicks(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/c/{token}", Methods, (RequestDelegate)routes.ServiceProvider.GetRequiredService<ClickEndpoint>().HandleAsync);
}
