using System.Diagnostics.Metrics;
using Delivery.Tracker.Publishing;

namespace Delivery.Tracker.Telemetry;

/// <summary>How the tracker stands now; the same meter as <see cref="TrackerMetrics"/>, which counts.</summary>
internal sealed class TrackerGauges
{
    public TrackerGauges(IMeterFactory meters, EventPublisher publisher)
    {
        var meter = meters.Create(TrackerMetrics.MeterName);
        meter.CreateObservableGauge("delivery.tracker.waiting", () => publisher.Waiting, "{event}", "Events that wait for Redis, on disk or about to be.");
        meter.CreateObservableGauge("delivery.tracker.journal", () => publisher.Journal.Bytes, "By", "The journal on disk.");
        meter.CreateObservableGauge("delivery.tracker.journal_limit", () => publisher.Journal.MaxBytes, "By", "What the journal may take.");
        meter.CreateObservableGauge("delivery.tracker.journal_disk_free", () => publisher.JournalWatch.DiskFreeBytes, "By", "What the journal's disk has left; -1 where it does not tell.");
        meter.CreateObservableGauge("delivery.tracker.in_flight", () => publisher.InFlight, "{request}", "Requests that wait until their event is in Redis or on disk.");
        meter.CreateObservableGauge("delivery.tracker.journal_refuses", () => publisher.Journal.Refusing ? 1 : 0, null, "1 while the journal takes nothing: without Redis, events are dropped.");
    }
}
