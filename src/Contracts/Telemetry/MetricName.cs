namespace Delivery.Contracts.Telemetry;

/// <summary>How an instrument is called on the metrics page: Prometheus' letters, and the unit as the last word (OpenMetrics 1.0, section 4.1).</summary>
internal static class MetricName
{
    private const string CounterSuffix = "_total";

    /// <summary>The family's name, without a counter's <c>_total</c>.</summary>
    public static string Of(string instrument, string unit, MetricKind kind)
    {
        var name = Clean(instrument);
        if (kind == MetricKind.Counter && name.EndsWith(CounterSuffix, StringComparison.Ordinal))
            name = name[..^CounterSuffix.Length];
        return unit.Length == 0 || name.EndsWith("_" + unit, StringComparison.Ordinal) ? name : $"{name}_{unit}";
    }

    /// <summary>The unit as a word; empty for what is counted (<c>{event}</c>) and for none.</summary>
    public static string UnitOf(string? ucum) => ucum switch
    {
        "s" => "seconds",
        "By" => "bytes",
        _ => "",
    };

    /// <summary>Letters, digits and '_' as they are, everything else as '_'.</summary>
    public static string Clean(string name) =>
        string.Create(name.Length, name, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetter(from[i]) || (i > 0 && char.IsAsciiDigit(from[i])) ? from[i] : '_';
        });
}
