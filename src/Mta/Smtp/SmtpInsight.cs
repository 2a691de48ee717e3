using Delivery.Mta.Telemetry;
using Delivery.Mta.Telemetry.Tracing;

namespace Delivery.Mta.Smtp;

/// <summary>Who watches connections: figures always, a trace while somebody reads one. Thread-safe.</summary>
internal sealed class SmtpInsight(SmtpMetrics metrics, TraceHub trace)
{
    private int _connections;

    public SmtpMetrics Metrics => metrics;

    public TraceHub Trace => trace;

    /// <summary>A number for one more connection, from 1.</summary>
    public int NextConnection() => Interlocked.Increment(ref _connections);
}
