using Delivery.Contracts.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Delivery.Contracts.Telemetry;

/// <summary>What every program shows its operator: <c>/metrics</c>, and addresses that answer nobody else.</summary>
public static class OperatorRoutes
{
    public static void AddTelemetry(this IServiceCollection services)
    {
        services.AddStrict<OperatorOptions>(OperatorOptions.Section);
        services.AddMetrics();
        services.AddSingleton<OperatorGate>();
        services.AddSingleton<MetricsCollector>();
        services.AddSingleton<ProcessMetrics>();
    }

    /// <summary>Maps <c>/metrics</c>. From here on the instruments of the program are counted: to be called before it serves.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        var collector = routes.ServiceProvider.GetRequiredService<MetricsCollector>();
        _ = routes.ServiceProvider.GetRequiredService<ProcessMetrics>();
        routes.MapForOperators("/metrics", context =>
        {
            var format = MetricsFormats.Choose([.. context.Request.Headers.Accept.OfType<string>()]);
            context.Response.ContentType = format.ContentType();
            context.Response.Headers.CacheControl = "no-store";
            return context.Response.WriteAsync(collector.Write(format), context.RequestAborted);
        });
    }

    /// <summary>Maps a route, a GET unless said otherwise, that answers an operator as <see cref="OperatorGate"/> knows one, and others as if there was no such address.</summary>
    public static void MapForOperators(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler, string method = "GET")
    {
        var gate = routes.ServiceProvider.GetRequiredService<OperatorGate>();
        routes.MapMethods(pattern, [method], context =>
        {
            if (gate.Lets(context))
                return handler(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }).ExcludeFromDescription();
    }
}
