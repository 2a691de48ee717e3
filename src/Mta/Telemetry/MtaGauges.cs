using System.Diagnostics.Metrics;
using Delivery.Mta.Dkim;
using Delivery.Mta.Publishing;
using Delivery.Mta.Queue;
using Delivery.Mta.Smtp;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;

namespace Delivery.Mta.Telemetry;

/// <summary>How the Mta stands now; the same meter as <see cref="MtaMetrics"/>. Read when the page is made, and costs nothing in between.</summary>
internal sealed class MtaGauges
{
    private readonly TimeProvider _time;
    private SmtpPool? _pool;

    public MtaGauges(
        IMeterFactory meters, QueueDepth queue, OutboxPublishers outbox, SuppressionMirror suppressions, SpoolRoom room, SpoolWriter writer, DkimKeys dkim, BusyTimes busy, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(MtaMetrics.MeterName);
        Gauge(meter, "queue", "{recipient}", "Recipients without an outcome, by where they stand.", () => Queue(queue.Total()));
        Gauge(meter, "queue.oldest_waiting", "s", "Since when the recipient waits that was free to be tried first and never was; 0 where none waits.",
            () => [new Measurement<double>(Age(queue.OldestWaitingMs()))]);
        Gauge(meter, "queue.oldest_due", "s", "For how long the attempt is due that is due longest; 0 where none is.", () => [new Measurement<double>(Age(queue.OldestDueMs()))]);
        meter.CreateObservableGauge("delivery.mta.outbox", () => outbox.Waiting, "{event}", "Events on disk that Redis has not taken yet.");
        Gauge(meter, "outbox.age", "s", "For how long the oldest of them waits; 0 where none does.", () => [new Measurement<double>(Age(outbox.OldestMs))]);
        meter.CreateObservableGauge("delivery.mta.suppressions", () => suppressions.Count, "{address}", "Suppressed addresses, over all accounts.");
        Gauge(meter, "suppressions.age", "s", "Since when the copy of the suppressions was confirmed; absent until it was.",
            () => suppressions.Age is { } age ? [new Measurement<double>(age.TotalSeconds)] : []);
        meter.CreateObservableGauge("delivery.mta.spool.free", () => room.FreeBytes, "By", "Room on the spool's disk.");
        meter.CreateObservableGauge("delivery.mta.spool.failing", () => writer.Fault is null ? 0 : 1, null, "1 while the spool's disk does not take commits.");
        meter.CreateObservableCounter("delivery.mta.dkim.signatures", () => dkim.Signatures, null, "DKIM signatures made.");
        meter.CreateObservableGauge("delivery.mta.dkim.domains", () => dkim.Current.Count, null, "Domains with a DKIM key.");
        meter.CreateObservableGauge("delivery.mta.dkim.faults", () => dkim.Faults.Count, null, "Files of DKIM keys that are not fit to sign with.");
        meter.CreateObservableCounter("delivery.mta.busy", () => Busy(busy), "s", "Time that each part of the path kept a thread busy, waiting for the disk included.");
        meter.CreateObservableGauge("delivery.mta.smtp.connections", () => _pool?.OpenConnections ?? 0, "{connection}", "Connections that are greeted and open.");
        Count(meter, "smtp.connections_opened", "Connections that were greeted.", () => _pool?.ConnectionsOpened ?? 0);
        Count(meter, "smtp.connect_failures", "Tries to connect that ended before mail could be sent.", () => _pool?.ConnectFailures ?? 0);
        Count(meter, "smtp.connections_lost", "Greeted connections that broke, timed out or were ended by the peer.", () => _pool?.ConnectionsLost ?? 0);
        meter.CreateObservableGauge("delivery.mta.smtp.relay_away", () => RelayIsAway ? 1 : 0, null, "1 while the last tries to connect failed.");
    }

    public bool RelayIsAway => _pool?.IsRelayAway ?? false;

    /// <summary>From now on connections are those of this pool.</summary>
    public void Watch(SmtpPool pool) => _pool = pool;

    private double Age(long? sinceMs) => sinceMs is { } since ? Math.Max(0, _time.GetUtcNow().ToUnixTimeMilliseconds() - since) / 1000.0 : 0;

    private static IEnumerable<Measurement<double>> Queue(QueueCounts counts) =>
    [
        new(counts.Waiting, new KeyValuePair<string, object?>("state", "waiting")),
        new(counts.Held, new KeyValuePair<string, object?>("state", "held")),
        new(counts.InFlight, new KeyValuePair<string, object?>("state", "in_flight")),
        new(counts.Deferred, new KeyValuePair<string, object?>("state", "deferred")),
    ];

    private static List<Measurement<double>> Busy(BusyTimes busy) =>
        Enum.GetValues<BusyTimes.Part>().Select(part =>
            new Measurement<double>(busy.Seconds(part), new KeyValuePair<string, object?>("part", part.ToString().ToLowerInvariant()))).ToList();

    private static void Gauge(Meter meter, string name, string unit, string description, Func<IEnumerable<Measurement<double>>> values) =>
        meter.CreateObservableGauge("delivery.mta." + name, values, unit, description);

    private static void Count(Meter meter, string name, string description, Func<long> value) =>
        meter.CreateObservableCounter("delivery.mta." + name, value, "{connection}", description);
}
