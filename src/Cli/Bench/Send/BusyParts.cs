using System.Text.Json;
using Delivery.Cli.Api;
using Delivery.Cli.Demo;

namespace Delivery.Cli.Bench.Send;

/// <summary>The Mta's own account of where its time goes (<c>busy_seconds</c> of <c>GET /status</c>), at one moment.</summary>
internal sealed class BusyParts
{
    private const string Rest = "smtp and runtime";
    private readonly Dictionary<string, double> _seconds = [];

    /// <summary>Null where the Mta gives no account.</summary>
    public static async Task<BusyParts?> ReadAsync(JobApi api, CancellationToken stop)
    {
        using var status = await api.GetAsync("/status", stop);
        if (status is null || !status.RootElement.TryGetProperty("busy_seconds", out var parts) || parts.ValueKind != JsonValueKind.Object)
            return null;
        var read = new BusyParts();
        foreach (var part in parts.EnumerateObject())
            read._seconds[part.Name] = part.Value.GetDouble();
        return read;
    }

    /// <summary>
    /// Each part as a share of the CPU time between the two moments, and what is left. A part's time includes its waits, for the disk or
    /// on a busy machine for a core: where the parts are more than the whole, nothing is said of the rest.
    /// </summary>
    public IReadOnlyDictionary<string, double>? SharesUntil(BusyParts? later, double cpuSeconds)
    {
        if (later is null || cpuSeconds <= 0)
            return null;
        var shares = later._seconds.ToDictionary(part => part.Key, part => Math.Round((part.Value - _seconds.GetValueOrDefault(part.Key)) / cpuSeconds, 4));
        if (Math.Round(1 - shares.Values.Sum(), 4) is var rest and >= 0)
            shares[Rest] = rest;
        return shares;
    }
}
