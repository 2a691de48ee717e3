namespace Delivery.EmbeddedClickHouse.Http;

internal static class Endpoints
{
    /// <summary>Health without a password, as on a server; everything else goes through <see cref="QueryEndpoint"/>.</summary>
    public static void MapClickHouse(this WebApplication app)
    {
        app.MapGet("/ping", () => Results.Text("Ok.\n"));
        app.MapGet("/replicas_status", () => Results.Text("Ok.\n"));
        app.MapMethods("/", [HttpMethods.Get, HttpMethods.Post], context => context.RequestServices.GetRequiredService<QueryEndpoint>().HandleAsync(context));
    }
}
