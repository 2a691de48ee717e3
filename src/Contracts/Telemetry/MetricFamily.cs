using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Delivery.Contracts.Telemetry;

/// <summary>
/// What is known of one instrument: a series for each set of labels, up to <see cref="MaxSeries"/>; what comes beyond is counted in one more,
/// labelled <c>overflow="true"</c>. Thread-safe; a measurement without labels allocates nothing and takes no lock.
/// </summary>
internal sealed class MetricFamily
{
    /// <summary>Sets of labels that an instrument may have.</summary>
    public const int MaxSeries = 200;

    private const string Overflow = "overflow=\"true\"";
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly bool _isSet;
    private MetricSeries? _plain;
    private long _reading;

    public MetricFamily(Instrument instrument, MetricKind kind)
    {
        Kind = kind;
        Unit = MetricName.UnitOf(instrument.Unit);
        Name = MetricName.Of(instrument.Name, Unit, kind);
        Help = instrument.Description ?? "";
        IsObserved = instrument.IsObservable;
        _isSet = IsObserved || instrument is Gauge<long> or Gauge<int> or Gauge<double>;
        Bounds = kind == MetricKind.Histogram ? BoundsOf(instrument) : [];
    }

    public string Name { get; }

    public MetricKind Kind { get; }

    /// <summary>The unit's word, which is the end of <see cref="Name"/>; empty for none.</summary>
    public string Unit { get; }

    public string Help { get; }

    /// <summary>Upper bounds of the buckets; empty for what is no histogram.</summary>
    public double[] Bounds { get; }

    /// <summary>Its values are asked for when the page is made.</summary>
    public bool IsObserved { get; }

    /// <summary>Those with a value, in the order of their labels; of an observed instrument those that the last reading gave.</summary>
    public IEnumerable<MetricSeries> Series =>
        _series.Values.Where(one => !IsObserved || one.Reading == _reading).OrderBy(one => one.Labels, StringComparer.Ordinal);

    /// <summary>A new reading begins: series that it does not give are out.</summary>
    public void BeginReading() => _reading++;

    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = tags.IsEmpty ? _plain ??= Find("") : Find(Labels(tags));
        if (Kind == MetricKind.Histogram)
            series.Record(value);
        else if (_isSet)
            series.Set(value, _reading);
        else
            series.Add(value);
    }

    private MetricSeries Find(string labels)
    {
        if (_series.TryGetValue(labels, out var known))
            return known;
        return _series.GetOrAdd(_series.Count < MaxSeries ? labels : Overflow, static (labels, bounds) => new MetricSeries(labels, bounds), Bounds);
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var sorted = tags.ToArray();
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var labels = new StringBuilder();
        foreach (var (name, value) in sorted)
        {
            labels.Append(labels.Length == 0 ? "" : ",").Append(MetricName.Clean(name)).Append("=\"");
            Escape(labels, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            labels.Append('"');
        }

        return labels.ToString();
    }

    private static void Escape(StringBuilder labels, string value)
    {
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '\\' => labels.Append("\\\\"),
                '"' => labels.Append("\\\""),
                '\n' => labels.Append("\\n"),
                _ => labels.Append(letter),
            };
        }
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds.Select(one => (double)one)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds.Select(one => (double)one)],
        _ => DefaultBounds,
    };
}
