using System.Diagnostics.Metrics;

namespace Delivery.Mta.Telemetry;

/// <summary>How the spool's commits go. Thread-safe.</summary>
internal sealed class SpoolMetrics
{
    private readonly Histogram<double> _commit;
    private readonly Histogram<int> _batch;
    private long _accepted;
    private long _rejected;

    public SpoolMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MtaMetrics.MeterName);
        meter.CreateObservableCounter("delivery.mta.recipients.accepted", () => Interlocked.Read(ref _accepted), "{recipient}", "Recipients taken into the spool.");
        meter.CreateObservableCounter("delivery.mta.recipients.rejected", () => Interlocked.Read(ref _rejected), "{recipient}",
            "Recipients of jobs and uploads that were not taken; those of calls that were refused as a whole are not counted.");
        _commit = meter.CreateHistogram("delivery.mta.spool.commit", "s", "One transaction on the spool, its fsync included.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] });
        _batch = meter.CreateHistogram("delivery.mta.spool.commit_writes", "{write}", "Writes that shared one transaction.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });
    }

    public void Taken(long accepted, long rejected)
    {
        Interlocked.Add(ref _accepted, accepted);
        Interlocked.Add(ref _rejected, rejected);
    }

    public void Committed(TimeSpan took, int writes)
    {
        _commit.Record(took.TotalSeconds);
        _batch.Record(writes);
    }
}
