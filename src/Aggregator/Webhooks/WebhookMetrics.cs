using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Delivery.Aggregator.Telemetry;

namespace Delivery.Aggregator.Webhooks;

/// <summary>Instruments of webhooks, on the meter of <see cref="AggregatorMetrics"/>; times in seconds. Thread-safe.</summary>
internal sealed class WebhookMetrics
{
    private readonly ConcurrentDictionary<string, (long? FailingSince, long? OldestMs)> _stands = new(StringComparer.Ordinal);
    private readonly Counter<long> _requests;
    private readonly Counter<long> _events;
    private readonly Histogram<double> _duration;

    public WebhookMetrics(IMeterFactory meters, TimeProvider time)
    {
        var meter = meters.Create(AggregatorMetrics.MeterName);
        _requests = meter.CreateCounter<long>("delivery.aggregator.webhook.requests", "{request}", "Requests to receivers of webhooks, by result: taken, refused (another status), failed (no answer).");
        _events = meter.CreateCounter<long>("delivery.aggregator.webhook.events", "{event}", "Events that receivers of webhooks took.");
        _duration = meter.CreateHistogram<double>("delivery.aggregator.webhook.duration", "s", "Of a request to a receiver.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        meter.CreateObservableGauge("delivery.aggregator.webhook.senders", () => _stands.Count, "{webhook}", "Webhooks that this program sends for.");
        meter.CreateObservableGauge("delivery.aggregator.webhook.failing", () => _stands.Values.Count(one => one.FailingSince is not null), "{webhook}", "Those of them whose receiver did not take the last request.");
        meter.CreateObservableGauge(
            "delivery.aggregator.webhook.lag",
            () => _stands.Values.Min(one => one.OldestMs) is { } oldest ? Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds() - oldest) / 1000.0 : 0,
            "s",
            "Age of the oldest event that is being sent by any of them; 0 where there is none.");
    }

    public void Tried(AttemptResult result, int events)
    {
        _requests.Add(1, new KeyValuePair<string, object?>("result", result.Taken ? "taken" : result.Status is null ? "failed" : "refused"));
        _duration.Record(result.Duration.TotalSeconds);
        if (result.Taken)
            _events.Add(events);
    }

    /// <param name="oldestMs">Time of the oldest event that is being sent, Unix milliseconds; null where none is.</param>
    public void Stands(string id, long? failingSince, long? oldestMs) => _stands[id] = (failingSince, oldestMs);

    public void Forget(string id) => _stands.TryRemove(id, out _);
}
