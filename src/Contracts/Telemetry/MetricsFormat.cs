namespace Delivery.Contracts.Telemetry;

/// <summary>The two texts that scrapers read.</summary>
public enum MetricsFormat
{
    /// <summary>Prometheus' text format 0.0.4.</summary>
    Prometheus,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics,
}
