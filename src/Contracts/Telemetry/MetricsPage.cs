using System.Globalization;
using System.Text;

namespace Delivery.Contracts.Telemetry;

/// <summary>Writes metrics as text: OpenMetrics 1.0 (its section 4.2 has the grammar), or Prometheus' older form, where a counter's family has its suffix too.</summary>
internal static class MetricsPage
{
    public static string Write(IEnumerable<MetricFamily> families, MetricsFormat format)
    {
        var open = format == MetricsFormat.OpenMetrics;
        var page = new StringBuilder(16 * 1024);
        foreach (var family in families)
        {
            var series = family.Series.ToList();
            if (series.Count == 0)
                continue;
            var sample = family.Kind == MetricKind.Counter ? family.Name + "_total" : family.Name;
            Describe(page, family, open ? family.Name : sample, open);
            foreach (var one in series)
            {
                if (family.Kind == MetricKind.Histogram)
                    WriteHistogram(page, family, one);
                else
                    Sample(page, sample, one.Labels, "").Append(Number(one.Value)).Append('\n');
            }
        }

        if (open)
            page.Append("# EOF\n");
        return page.ToString();
    }

    private static void Describe(StringBuilder page, MetricFamily family, string name, bool open)
    {
        page.Append("# TYPE ").Append(name).Append(' ').Append(family.Kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        }).Append('\n');
        if (open && family.Unit.Length > 0)
            page.Append("# UNIT ").Append(name).Append(' ').Append(family.Unit).Append('\n');
        if (family.Help.Length == 0)
            return;
        var help = family.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        page.Append("# HELP ").Append(name).Append(' ').Append(open ? help.Replace("\"", "\\\"", StringComparison.Ordinal) : help).Append('\n');
    }

    /// <summary>Buckets count all values up to their bound; the count is taken from them, so that the two always agree.</summary>
    private static void WriteHistogram(StringBuilder page, MetricFamily family, MetricSeries series)
    {
        var sum = series.Value;
        var counts = series.Buckets();
        var total = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            total += counts[i];
            var bound = i == family.Bounds.Length ? "+Inf" : family.Bounds[i].ToString("0.0###########", CultureInfo.InvariantCulture);
            Sample(page, family.Name + "_bucket", series.Labels, $"le=\"{bound}\"").Append(total.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        Sample(page, family.Name + "_sum", series.Labels, "").Append(Number(sum)).Append('\n');
        Sample(page, family.Name + "_count", series.Labels, "").Append(total.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static StringBuilder Sample(StringBuilder page, string name, string labels, string last)
    {
        page.Append(name);
        if (labels.Length + last.Length > 0)
            page.Append('{').Append(labels).Append(labels.Length > 0 && last.Length > 0 ? "," : "").Append(last).Append('}');
        return page.Append(' ');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
