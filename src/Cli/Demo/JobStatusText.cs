using System.Text.Json;

namespace Delivery.Cli.Demo;

/// <summary>Reads the answer of <c>GET /v1/jobs/{id}</c>.</summary>
internal static class JobStatusText
{
    private static readonly string[] Outcomes = ["delivered", "bounced", "expired", "dropped"];

    /// <summary>Recipients that have their outcome.</summary>
    public static long Finished(JsonElement status)
    {
        long finished = 0;
        foreach (var outcome in Outcomes)
        {
            if (status.TryGetProperty(outcome, out var count) && count.ValueKind == JsonValueKind.Number)
                finished += count.GetInt64();
        }

        return finished;
    }
}
