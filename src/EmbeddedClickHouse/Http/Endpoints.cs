namespace Delivery.EmbeddedClickHouse.Http;

internal static class Endpoints
{
    /// <summary>Health without a password, as on a server; everything else goes through <see cref="QueryEndpoint"/>.</summary>
    public static void MapClickHouse(this WebApplication app)
    {
        app.MapGet("/ping", (HealthProbe probe) => probe.AnswerAsync());
        app.MapGet("/replicas_status", (HealthProbe probe) => probe.AnswerAsync());
        app.MapMethods("/", [HttpMethods.Get, HttpMethods.Post], context => context.RequestServices.GetRequiredService<QueryEndpoint>().HandleAsync(context));
    }
}
