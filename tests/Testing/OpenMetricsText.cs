using System.Globalization;
using System.Text.RegularExpressions;

namespace Delivery.Testing;

/// <summary>A page of metrics, read strictly by the grammar of OpenMetrics 1.0, or by that of Prometheus' text 0.0.4.</summary>
public sealed partial class OpenMetricsText
{
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    /// <summary>Family by its type, as the page writes both.</summary>
    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Helps { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Units { get; } = new(StringComparer.Ordinal);

    /// <summary>Every sample by its name and labels as they stand, such as <c>x_total{a="b"}</c>.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    public double this[string sample] => _samples.TryGetValue(sample, out var value) ? value : throw new KeyNotFoundException($"No {sample} among: {string.Join(" ", _samples.Keys)}");

    public bool Has(string sample) => _samples.ContainsKey(sample);

    /// <exception cref="FormatException">The page breaks a rule; the message has the line.</exception>
    public static OpenMetricsText Read(string page, bool open)
    {
        var read = new OpenMetricsText();
        if (!page.EndsWith('\n'))
            throw new FormatException("The last line does not end.");
        var lines = page[..^1].Split('\n');
        if (open && lines[^1] != "# EOF")
            throw new FormatException("The page does not end with # EOF.");
        var family = "";
        var seen = new HashSet<string>();
        foreach (var line in open ? lines[..^1] : lines)
        {
            if (line.StartsWith('#'))
            {
                var name = read.Describe(line, open);
                if (name != family && !seen.Add(name))
                    throw new FormatException($"The family comes a second time: {line}");
                family = name;
            }
            else
            {
                read.Take(line, family, open);
            }
        }

        read.CheckHistograms();
        return read;
    }

    private string Describe(string line, bool open)
    {
        if (Descriptor().Match(line) is not { Success: true } match)
            throw new FormatException($"No descriptor: {line}");
        var (what, name, text) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
        var of = what switch { "TYPE" => Types, "HELP" => Helps, _ => Units };
        if (!of.TryAdd(name, text))
            throw new FormatException($"Said twice: {line}");
        if (what == "TYPE" && text is not ("counter" or "gauge" or "histogram"))
            throw new FormatException($"No type: {line}");
        if (what == "UNIT" && (!open || !name.EndsWith("_" + text, StringComparison.Ordinal)))
            throw new FormatException($"The unit is not the name's end: {line}");
        if (what == "HELP" && Unescaped().IsMatch(text))
            throw new FormatException($"Not escaped: {line}");
        if (open && what == "TYPE" && text == "counter" && name.EndsWith("_total", StringComparison.Ordinal))
            throw new FormatException($"A counter's family has no suffix: {line}");
        return name;
    }

    private void Take(string line, string family, bool open)
    {
        if (Sample().Match(line) is not { Success: true } match)
            throw new FormatException($"No sample: {line}");
        var (name, labels, value) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
        if (!Types.TryGetValue(family, out var type))
            throw new FormatException($"No type before: {line}");
        string[] suffixes = type switch
        {
            "counter" => open ? ["_total"] : [""],
            "histogram" => ["_bucket", "_sum", "_count"],
            _ => [""],
        };
        if (!suffixes.Any(suffix => name == family + suffix))
            throw new FormatException($"Not of {family}: {line}");
        var names = Label().Matches(labels).Select(label => label.Groups[1].Value).ToList();
        if (names.Distinct().Count() != names.Count)
            throw new FormatException($"A label twice: {line}");
        var number = value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            _ => double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        if (type != "gauge" && !(number >= 0))
            throw new FormatException($"Below zero: {line}");
        if (!_samples.TryAdd(labels.Length == 0 ? name : $"{name}{{{labels}}}", number))
            throw new FormatException($"The same sample twice: {line}");
    }

    /// <summary>Buckets rise to +Inf, which is the count.</summary>
    private void CheckHistograms()
    {
        foreach (var (family, _) in Types.Where(pair => pair.Value == "histogram"))
        {
            foreach (var series in _samples.Where(one => one.Key.StartsWith(family + "_bucket{", StringComparison.Ordinal))
                .GroupBy(one => Le().Replace(one.Key[(family.Length + "_bucket".Length)..], "").Replace("{}", "", StringComparison.Ordinal)))
            {
                var (bound, count) = (double.NegativeInfinity, -1.0);
                foreach (var (name, value) in series)
                {
                    var text = Le().Match(name).Groups[1].Value;
                    var next = text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
                    if (next <= bound || value < count)
                        throw new FormatException($"Buckets do not rise: {name}");
                    (bound, count) = (next, value);
                }

                if (!double.IsPositiveInfinity(bound) || this[$"{family}_count{series.Key}"] != count || !Has($"{family}_sum{series.Key}"))
                    throw new FormatException($"{family}{series.Key} has no +Inf that is its count, or no sum.");
            }
        }
    }

    [GeneratedRegex("^# (TYPE|HELP|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$")]
    private static partial Regex Descriptor();

    [GeneratedRegex("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\"\\\\n])*\"(?:,(?!\\})|(?=\\})))+)\\})? (\\+Inf|-Inf|NaN|-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)$")]
    private static partial Regex Sample();

    [GeneratedRegex("([a-zA-Z_][a-zA-Z0-9_]*)=\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Label();

    [GeneratedRegex(",?le=\"([^\"]*)\"")]
    private static partial Regex Le();

    [GeneratedRegex("(?<!\\\\)(?:\\\\\\\\)*\\\\(?![\\\\n\"])")]
    private static partial Regex Unescaped();
}
