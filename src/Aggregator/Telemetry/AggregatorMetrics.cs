using System.Diagnostics.Metrics;
using Delivery.Aggregator.Rollups;

namespace Delivery.Aggregator.Telemetry;

/// <summary>Instruments of the meter <c>Delivery.Aggregator</c>; times in seconds. Thread-safe.</summary>
internal sealed class AggregatorMetrics
{
    public const string MeterName = "Delivery.Aggregator";
    private readonly Counter<long> _rows;
    private readonly Counter<long> _batches;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _replayed;
    private readonly Counter<long> _repeats;
    private readonly Counter<long> _mended;
    private readonly Histogram<double> _insert;
    private readonly Histogram<double> _lag;

    public AggregatorMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _rows = meter.CreateCounter<long>("delivery.aggregator.rows", "{row}", "Rows committed, by table.");
        _batches = meter.CreateCounter<long>("delivery.aggregator.batches", "{batch}", "Batches committed.");
        _deadLetters = meter.CreateCounter<long>("delivery.aggregator.dead_letters", "{record}", "Records that could not be read.");
        _replayed = meter.CreateCounter<long>("delivery.aggregator.replayed", "{event}", "Events of dead letters that were tried again and are in ClickHouse now.");
        _repeats = meter.CreateCounter<long>("delivery.aggregator.repeats", "{event}", "Events met again that were in ClickHouse already.");
        _mended = meter.CreateCounter<long>("delivery.aggregator.rollups_mended", "{job}", "Jobs whose roll-ups differed and were rebuilt from raw events.");
        _insert = meter.CreateHistogram<double>("delivery.aggregator.batch.duration", "s", "From the manifest to the commit of a batch.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        _lag = meter.CreateHistogram<double>("delivery.aggregator.lag", "s", "Age of a batch's oldest entry when it was committed.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400] });
    }

    public void Committed(int shard, EventBatch batch, TimeSpan duration, TimeSpan lag)
    {
        var label = new KeyValuePair<string, object?>("shard", shard);
        _rows.Add(batch.Events.Count, label, new("table", "events"));
        _rows.Add(batch.Recipients.Count, label, new("table", "recipients"));
        _rows.Add(batch.Jobs.Count, label, new("table", "jobs"));
        _rows.Add(batch.Links.Count, label, new("table", "links"));
        _batches.Add(1, label);
        _deadLetters.Add(batch.DeadLetters.Count, label);
        _insert.Record(duration.TotalSeconds, label);
        _lag.Record(lag.TotalSeconds, label);
    }

    public void Replayed(int shard, int missing, int left)
    {
        var label = new KeyValuePair<string, object?>("shard", shard);
        _replayed.Add(missing, label);
        _rows.Add(missing, label, new("table", "events"));
        _deadLetters.Add(left, label);
    }

    public void Recovered(int shard, int repeats, int mended)
    {
        var label = new KeyValuePair<string, object?>("shard", shard);
        _repeats.Add(repeats, label);
        _mended.Add(mended, label);
    }
}
