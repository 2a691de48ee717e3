using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Delivery.Contracts.Telemetry;

/// <summary>The answer to <c>/readyz</c>.</summary>
/// <param name="Reasons">Why the program is not ready; empty where it is.</param>
/// <param name="Notes">What an operator should know though the program is ready.</param>
public sealed record Readiness(IReadOnlyList<string> Reasons, IReadOnlyList<string> Notes)
{
    public bool Ready => Reasons.Count == 0;

    /// <summary>200 or 503; the reasons are for operators, others get one word.</summary>
    public Task WriteAsync(HttpContext context, OperatorGate gate)
    {
        context.Response.StatusCode = Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        return gate.Lets(context)
            ? context.Response.WriteAsJsonAsync(this, ReadinessJson.Default.Readiness, cancellationToken: context.RequestAborted)
            : context.Response.WriteAsync(Ready ? "ready\n" : "not ready\n", context.RequestAborted);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Readiness))]
internal sealed partial class ReadinessJson : JsonSerializerContext;
