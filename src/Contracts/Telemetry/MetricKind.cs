namespace Delivery.Contracts.Telemetry;

/// <summary>What a metric is to a scraper.</summary>
internal enum MetricKind
{
    /// <summary>Rises from the program's start.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts values by ranges.</summary>
    Histogram,
}
