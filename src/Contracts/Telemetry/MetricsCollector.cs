using System.Diagnostics.Metrics;

namespace Delivery.Contracts.Telemetry;

/// <summary>
/// Holds the values of every instrument whose meter is called <c>Delivery.…</c> and was made by this program's own factory, from when this is made. Thread-safe.
/// </summary>
public sealed class MetricsCollector : IDisposable
{
    private const string Prefix = "Delivery.";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _factory;

    public MetricsCollector(IMeterFactory factory)
    {
        _factory = factory;
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((MetricFamily)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((MetricFamily)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((MetricFamily)state!).Take(value, tags));
        _listener.Start();
    }

    /// <summary>Reads of observed instruments that failed, whose values the page then lacks.</summary>
    public long FailedReadings { get; private set; }

    /// <summary>The page as it is now. Readers wait for one another: observed values are asked for once at a time.</summary>
    public string Write(MetricsFormat format)
    {
        lock (_gate)
        {
            foreach (var family in _families.Values)
                family.BeginReading();
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException)
            {
                FailedReadings++;
            }

            return MetricsPage.Write(_families.Values, format);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Scope != _factory || !instrument.Meter.Name.StartsWith(Prefix, StringComparison.Ordinal) || KindOf(instrument) is not { } kind)
            return;
        var family = new MetricFamily(instrument, kind);
        lock (_gate)
        {
            if (_families.TryGetValue(family.Name, out var known))
            {
                if (known.Kind != kind)
                    return;
                family = known;
            }

            _families[family.Name] = family;
        }

        listener.EnableMeasurementEvents(instrument, family);
    }

    private static MetricKind? KindOf(Instrument instrument) => instrument switch
    {
        Counter<long> or Counter<int> or Counter<double> or ObservableCounter<long> or ObservableCounter<int> or ObservableCounter<double> => MetricKind.Counter,
        UpDownCounter<long> or UpDownCounter<int> or UpDownCounter<double> or Gauge<long> or Gauge<int> or Gauge<double> => MetricKind.Gauge,
        ObservableGauge<long> or ObservableGauge<int> or ObservableGauge<double> => MetricKind.Gauge,
        ObservableUpDownCounter<long> or ObservableUpDownCounter<int> or ObservableUpDownCounter<double> => MetricKind.Gauge,
        Histogram<long> or Histogram<int> or Histogram<double> => MetricKind.Histogram,
        _ => null,
    };
}
