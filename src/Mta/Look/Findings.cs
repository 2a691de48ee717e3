namespace Delivery.Mta.Look;

/// <summary>
/// Gathers what the rules find, mail after mail: the same finding of several recipients is one with a count.
/// </summary>
/// <param name="stored">Whether the recipients are those of a stored job, named by ordinal, or of a request, named by index.</param>
internal sealed class Findings(bool stored)
{
    /// <summary>Different findings kept; what data makes different from one recipient to the next must not be part of the key.</summary>
    private const int MaxFindings = 200;
    private readonly Dictionary<(string Code, string Field, string Key), Entry> _entries = [];

    /// <summary>The recipient that is looked at.</summary>
    public uint Recipient { get; set; }

    /// <param name="code">A word for machines.</param>
    /// <param name="severity">How bad it is.</param>
    /// <param name="field">The field that it is about.</param>
    /// <param name="message">Of the first recipient who has it.</param>
    /// <param name="key">Tells apart findings of one code and field: something of the template, never of the data.</param>
    /// <param name="line">Line in the field, from 1.</param>
    /// <param name="column">Column in the line, from 1.</param>
    public void Add(string code, Severity severity, string field, string message, string key = "", int? line = null, int? column = null)
    {
        if (_entries.TryGetValue((code, field, key), out var entry))
        {
            if (entry.Last != Recipient)
                entry.Count++;
            entry.Last = Recipient;
            return;
        }

        if (_entries.Count == MaxFindings)
            return;
        _entries[(code, field, key)] = new Entry
        {
            Order = _entries.Count,
            Severity = severity,
            Message = message,
            Line = line,
            Column = column,
            First = Recipient,
            Last = Recipient,
        };
    }

    /// <summary>The worst first, then those of most recipients.</summary>
    public List<Finding> ToList() =>
        [.. _entries
            .OrderBy(pair => pair.Value.Severity).ThenByDescending(pair => pair.Value.Count).ThenBy(pair => pair.Value.Order)
            .Select(pair => new Finding
            {
                Code = pair.Key.Code,
                Severity = pair.Value.Severity,
                Field = pair.Key.Field,
                Message = pair.Value.Message,
                Count = pair.Value.Count,
                Example = stored ? new FindingExample(null, pair.Value.First) : new FindingExample(pair.Value.First, null),
                Line = pair.Value.Line,
                Column = pair.Value.Column,
            })];

    private sealed class Entry
    {
        public required int Order { get; init; }

        public required Severity Severity { get; init; }

        public required string Message { get; init; }

        public required int? Line { get; init; }

        public required int? Column { get; init; }

        public required uint First { get; init; }

        public required uint Last { get; set; }

        public int Count { get; set; } = 1;
    }
}
