using System.Diagnostics.Metrics;
using Delivery.Contracts.Telemetry;
using Delivery.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Delivery.Contracts.Tests.Telemetry;

/// <summary>The page is what the specifications say, read by a parser written from them.</summary>
public sealed class MetricsPageTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MetricsCollector _collector;
    private readonly Meter _meter;

    public MetricsPageTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _collector = new MetricsCollector(factory);
        _meter = factory.Create("Delivery.Test");
    }

    [Fact]
    public void Each_kind_has_the_name_and_the_type_that_a_scraper_expects()
    {
        _meter.CreateCounter<long>("delivery.test.things", "{thing}", "Things.").Add(3);
        _meter.CreateCounter<double>("delivery.test.busy", "s").Add(1.5);
        _meter.CreateUpDownCounter<int>("delivery.test.open").Add(-2);
        _meter.CreateGauge<double>("delivery.test.size", "By").Record(1e300);
        _meter.CreateObservableGauge("delivery.test.age", () => 0.25, "s");
        var page = Read();

        Assert.Equal("counter", page.Types["delivery_test_things"]);
        Assert.Equal("Things.", page.Helps["delivery_test_things"]);
        Assert.Equal(3, page["delivery_test_things_total"]);
        Assert.Equal("seconds", page.Units["delivery_test_busy_seconds"]);
        Assert.Equal(1.5, page["delivery_test_busy_seconds_total"]);
        Assert.Equal(-2, page["delivery_test_open"]);
        Assert.Equal(1e300, page["delivery_test_size_bytes"]);
        Assert.Equal(0.25, page["delivery_test_age_seconds"]);
        var old = OpenMetricsText.Read(_collector.Write(MetricsFormat.Prometheus), open: false);
        Assert.Equal("counter", old.Types["delivery_test_things_total"]);
        Assert.Empty(old.Units);
    }

    [Fact]
    public void A_histogram_counts_into_the_bounds_that_its_instrument_advises()
    {
        var histogram = _meter.CreateHistogram("delivery.test.took", "s", "Took.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 10] });
        foreach (var value in (double[])[0.05, 0.1, 0.5, 5, 50, double.NaN])
            histogram.Record(value, new KeyValuePair<string, object?>("shard", 7));
        var page = Read();

        Assert.Equal(2, page["delivery_test_took_seconds_bucket{shard=\"7\",le=\"0.1\"}"]);
        Assert.Equal(3, page["delivery_test_took_seconds_bucket{shard=\"7\",le=\"1.0\"}"]);
        Assert.Equal(4, page["delivery_test_took_seconds_bucket{shard=\"7\",le=\"10.0\"}"]);
        Assert.Equal(5, page["delivery_test_took_seconds_bucket{shard=\"7\",le=\"+Inf\"}"]);
        Assert.Equal(55.65, page["delivery_test_took_seconds_sum{shard=\"7\"}"], 9);
    }

    [Fact]
    public void Labels_and_help_are_escaped_and_sorted()
    {
        _meter.CreateCounter<long>("delivery.test.odd", null, "A \\ and\na \"line\".").Add(1, new("z", "a\"b\\c\nd"), new("a.b", null));
        var page = Read();

        Assert.Equal(1, page["delivery_test_odd_total{a_b=\"\",z=\"a\\\"b\\\\c\\nd\"}"]);
        Assert.Equal("A \\\\ and\\na \\\"line\\\".", page.Helps["delivery_test_odd"]);
    }

    [Fact]
    public void An_instrument_has_so_many_sets_of_labels_and_the_rest_is_one()
    {
        var counter = _meter.CreateCounter<long>("delivery.test.wide");
        for (var i = 0; i < 1_000; i++)
            counter.Add(1, new KeyValuePair<string, object?>("who", i));
        var samples = Read().Samples.Where(one => one.Key.StartsWith("delivery_test_wide", StringComparison.Ordinal)).ToList();

        Assert.Equal(201, samples.Count);
        Assert.Equal(1_000, samples.Sum(one => one.Value));
        Assert.Equal(800, Read()["delivery_test_wide_total{overflow=\"true\"}"]);
    }

    [Fact]
    public void What_an_observed_instrument_gives_no_more_leaves_the_page()
    {
        var names = new List<string> { "one", "two" };
        _meter.CreateObservableGauge("delivery.test.seen", () => names.Select(name => new Measurement<long>(1, new KeyValuePair<string, object?>("name", name))));
        Assert.True(Read().Has("delivery_test_seen{name=\"two\"}"));
        names.Remove("two");
        var page = Read();

        Assert.True(page.Has("delivery_test_seen{name=\"one\"}"));
        Assert.False(page.Has("delivery_test_seen{name=\"two\"}"));
    }

    [Fact]
    public void A_value_that_cannot_be_read_costs_only_itself()
    {
        _meter.CreateObservableGauge("delivery.test.broken", (Func<long>)(() => throw new InvalidOperationException()));
        _meter.CreateObservableGauge("delivery.test.sound", () => 1L);
        var page = Read();

        Assert.Equal(1, page["delivery_test_sound"]);
        Assert.DoesNotContain("delivery_test_broken", page.Types.Keys);
        Assert.Equal(1, _collector.FailedReadings);
    }

    [Fact]
    public void Other_programs_in_the_process_and_other_meters_are_not_on_it()
    {
        using var other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        other.GetRequiredService<IMeterFactory>().Create("Delivery.Test").CreateCounter<long>("delivery.test.foreign").Add(1);
        _services.GetRequiredService<IMeterFactory>().Create("System.Net.Http").CreateCounter<long>("http.things").Add(1);

        Assert.Equal("# EOF\n", _collector.Write(MetricsFormat.OpenMetrics));
    }

    [Fact]
    public void What_many_threads_count_is_all_there()
    {
        var counter = _meter.CreateCounter<double>("delivery.test.many");
        var histogram = _meter.CreateHistogram<double>("delivery.test.spread");
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Add(1);
                histogram.Record(1);
            }
        });
        var page = Read();

        Assert.Equal(80_000, page["delivery_test_many_total"]);
        Assert.Equal(80_000, page["delivery_test_spread_count"]);
        Assert.Equal(80_000, page["delivery_test_spread_sum"]);
    }

    [Theory]
    [InlineData("", MetricsFormat.Prometheus)]
    [InlineData("*/*", MetricsFormat.Prometheus)]
    [InlineData("text/plain", MetricsFormat.Prometheus)]
    [InlineData("application/openmetrics-text", MetricsFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", MetricsFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text; version=2.0.0", MetricsFormat.Prometheus)]
    [InlineData("application/openmetrics-text;q=0", MetricsFormat.Prometheus)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.2,text/plain;version=0.0.4;q=0.5", MetricsFormat.Prometheus)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", MetricsFormat.OpenMetrics)]
    [InlineData("no media type at all", MetricsFormat.Prometheus)]
    public void The_accept_header_chooses(string accept, MetricsFormat expected) =>
        Assert.Equal(expected, MetricsFormats.Choose(accept.Length == 0 ? [] : [accept]));

    public void Dispose()
    {
        _collector.Dispose();
        _services.Dispose();
    }

    private OpenMetricsText Read() => OpenMetricsText.Read(_collector.Write(MetricsFormat.OpenMetrics), open: true);
}
