using System.Globalization;

namespace Delivery.Aggregator.Reports;

/// <summary>
/// Reads the query of a request. The first thing that is wrong is kept in <see cref="Fault"/>, and what is read after it stands for
/// nothing: look there before anything is done. One that is not known, or given twice, is wrong. For one request.
/// </summary>
internal sealed class ReportParameters
{
    private readonly IQueryCollection _query;

    /// <param name="known">Parameters that the call has beside <c>format</c>.</param>
    public ReportParameters(HttpRequest request, params ReadOnlySpan<string> known)
    {
        _query = request.Query;
        foreach (var (name, values) in _query)
        {
            if (name != FormatChoice.Parameter && !known.Contains(name))
                Wrong($"'{name}' is not known here; known are {string.Join(", ", [.. known.ToArray(), FormatChoice.Parameter])}.");
            else if (values.Count > 1)
                Wrong($"'{name}' is given {values.Count} times; give it once.");
        }

        if (!FormatChoice.TryRead(request, out var format, out var fault))
            Wrong(fault);
        Format = format;
    }

    public ReportFormat Format { get; }

    /// <summary>What is wrong, naming the parameter and what it may be; null where nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Notes what is wrong, unless something was before.</summary>
    public void Wrong(string fault) => Fault ??= fault;

    /// <summary>Null where it is not given; empty where it is given so.</summary>
    public string? Text(string name) => _query.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>A whole number within bounds; <paramref name="otherwise"/> where it is not given.</summary>
    public int Number(string name, int least, int most, int otherwise)
    {
        if (Text(name) is not { } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Wrong($"'{name}' is '{text}'; give a number from {least} to {most}.");
        return otherwise;
    }

    /// <summary>A 64-bit id in decimal; null where it is not given.</summary>
    public ulong? Id(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return id;
        Wrong($"'{name}' is '{text}'; give an id, a decimal number.");
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>; null where it is not given.</summary>
    public bool? Flag(string name)
    {
        switch (Text(name))
        {
            case null:
                return null;
            case "true":
                return true;
            case "false":
                return false;
            case var text:
                Wrong($"'{name}' is '{text}'; give true or false.");
                return null;
        }
    }

    /// <summary>One of the given words; the first of them where it is not given.</summary>
    public string Choice(string name, params ReadOnlySpan<string> words)
    {
        if (Text(name) is not { } text)
            return words[0];
        if (words.Contains(text))
            return text;
        Wrong($"'{name}' is '{text}'; give {string.Join(", ", words.ToArray())}.");
        return words[0];
    }

    /// <summary>A day or a moment; null where it is not given.</summary>
    public ReportMoment? Moment(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (ReportMoment.TryParse(text, out var moment))
            return moment;
        Wrong($"'{name}' is '{text}'; give a day such as 2026-11-01, or a time with its offset such as 2026-11-01T08:00:00+01:00, from 2020 to 2100.");
        return null;
    }
}
