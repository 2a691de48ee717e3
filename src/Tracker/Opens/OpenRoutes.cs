namespace Delivery.Tracker.Opens;

internal static class OpenRoutes
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    public static void MapOpens(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/o/{token}", Methods, (RequestDelegate)routes.ServiceProvider.GetRequiredService<OpenEndpoint>().HandleAsync);
}
