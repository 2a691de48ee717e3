using System.Diagnostics.Metrics;
using Delivery.Tracker.Publishing;

namespace Delivery.Tracker.Telemetry;

/// <summary>
/// Counts since the start, meter <c>Delivery.Tracker</c>. Every genuine request counts once under its kind, and once more where it was
/// not recorded in Redis when it was answered. Thread-safe and free of allocations.
/// </summary>
internal sealed class TrackerMetrics
{
    public const string MeterName = "Delivery.Tracker";

    private long _opened;
    private long _clicked;
    private long _unsubscribed;
    private long _resubscribed;
    private long _forged;
    private long _published;
    private long _notConfirmed;
    private long _dropped;
    private long _shed;
    private long _overLimit;
    private long _journaled;
    private long _recovered;
    private long _resent;
    private long _gaps;
    private long _publishFailures;
    private long _unsubscribeFailures;

    public TrackerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        Observe(meter, "delivery.tracker.opened", "Genuine pixel requests.", () => _opened);
        Observe(meter, "delivery.tracker.clicked", "Genuine link requests.", () => _clicked);
        Observe(meter, "delivery.tracker.unsubscribed", "Genuine unsubscribes.", () => _unsubscribed);
        Observe(meter, "delivery.tracker.resubscribed", "Genuine ways back.", () => _resubscribed);
        Observe(meter, "delivery.tracker.forged", "Requests whose token is not genuine.", () => _forged);
        Observe(meter, "delivery.tracker.published", "Events that Redis acknowledged.", () => _published);
        Observe(meter, "delivery.tracker.journaled", "Events on disk and not known to be in Redis when their request was answered.", () => _journaled);
        Observe(meter, "delivery.tracker.not_confirmed", "Events neither on disk nor known to be in Redis when their request was answered.", () => _notConfirmed);
        Observe(meter, "delivery.tracker.dropped", "Events not kept because neither Redis nor the disk takes them.", () => _dropped);
        Observe(meter, "delivery.tracker.events_shed", "Events not kept because as many recordings as may wait did.", () => _shed);
        Observe(meter, "delivery.tracker.events_over_limit", "Events not kept because their client made too many.", () => _overLimit);
        Observe(meter, "delivery.tracker.recovered", "Events that an earlier run had left in the journal.", () => _recovered);
        Observe(meter, "delivery.tracker.resent", "Events sent again to a Redis that came back with an older state.", () => _resent);
        Observe(meter, "delivery.tracker.gaps", "Numbers that such a Redis lacks and that were no longer kept.", () => _gaps);
        Observe(meter, "delivery.tracker.publish_failures", "Publish attempts that failed or timed out.", () => _publishFailures);
        Observe(meter, "delivery.tracker.unsubscribe_failures", "Unsubscribes and ways back answered with 503.", () => _unsubscribeFailures);
    }

    public void Opened(RecordOutcome outcome) => Count(ref _opened, outcome);

    public void Clicked(RecordOutcome outcome) => Count(ref _clicked, outcome);

    public void Unsubscribed(RecordOutcome outcome) => Count(ref _unsubscribed, outcome);

    public void Resubscribed(RecordOutcome outcome) => Count(ref _resubscribed, outcome);

    public void Forged() => Interlocked.Increment(ref _forged);

    public void Published(int events) => Interlocked.Add(ref _published, events);

    public void Dropped(int events) => Interlocked.Add(ref _dropped, events);

    public void Recovered(long events) => Interlocked.Add(ref _recovered, events);

    public void Resent(int events) => Interlocked.Add(ref _resent, events);

    public void Gap(long numbers) => Interlocked.Add(ref _gaps, numbers);

    public void PublishFailed() => Interlocked.Increment(ref _publishFailures);

    public void UnsubscribeFailed() => Interlocked.Increment(ref _unsubscribeFailures);

    public TrackerStatus Snapshot(bool redis, bool stopping, EventPublisher publisher) => new()
    {
        Stopping = stopping,
        Redis = redis,
        Waiting = publisher.Waiting,
        JournalBytes = publisher.Journal.Bytes,
        JournalMaxBytes = publisher.Journal.MaxBytes,
        JournalRefuses = publisher.Journal.Refusing,
        Opened = Interlocked.Read(ref _opened),
        Clicked = Interlocked.Read(ref _clicked),
        Unsubscribed = Interlocked.Read(ref _unsubscribed),
        Resubscribed = Interlocked.Read(ref _resubscribed),
        Forged = Interlocked.Read(ref _forged),
        Published = Interlocked.Read(ref _published),
        Journaled = Interlocked.Read(ref _journaled),
        Recovered = Interlocked.Read(ref _recovered),
        NotConfirmed = Interlocked.Read(ref _notConfirmed),
        Dropped = Interlocked.Read(ref _dropped),
        Shed = Interlocked.Read(ref _shed),
        OverLimit = Interlocked.Read(ref _overLimit),
        InFlight = publisher.InFlight,
        JournalPercent = publisher.JournalWatch.Percent,
        JournalDiskFreeBytes = publisher.JournalWatch.DiskFreeBytes,
        Notes = Notes(publisher),
        Resent = Interlocked.Read(ref _resent),
        Gaps = Interlocked.Read(ref _gaps),
        PublishFailures = Interlocked.Read(ref _publishFailures),
        UnsubscribeFailures = Interlocked.Read(ref _unsubscribeFailures),
    };

    private void Count(ref long kind, RecordOutcome outcome)
    {
        Interlocked.Increment(ref kind);
        if (outcome == RecordOutcome.NotConfirmed)
            Interlocked.Increment(ref _notConfirmed);
        else if (outcome == RecordOutcome.Journaled)
            Interlocked.Increment(ref _journaled);
        else if (outcome == RecordOutcome.Shed)
            Interlocked.Increment(ref _shed);
        else if (outcome == RecordOutcome.OverLimit)
            Interlocked.Increment(ref _overLimit);
    }

    private static string[] Notes(EventPublisher publisher)
    {
        const int Much = 50;
        var notes = new List<string>();
        if (publisher.Journal.Refusing)
            notes.Add("The journal takes nothing: without Redis, events are dropped.");
        else if (publisher.JournalWatch.Percent >= Much)
            notes.Add($"The journal has taken {publisher.JournalWatch.Percent}% of Tracker:JournalMaxBytes; full, it drops events.");
        if (publisher.JournalWatch.IsDiskShort)
            notes.Add("The journal's disk will be full before the journal is.");
        return [.. notes];
    }

    private static void Observe(Meter meter, string name, string description, Func<long> value) =>
        meter.CreateObservableCounter(name, value, "{event}", description);
}
