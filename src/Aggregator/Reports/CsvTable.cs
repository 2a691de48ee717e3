using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Delivery.Aggregator.Reports;

/// <summary>
/// Rows of <typeparamref name="T"/> as CSV, a column for each value of its JSON: what lies within an object has both names with
/// <c>_</c> between (<c>opens_total</c>). Lists have no column. Immutable.
/// </summary>
internal sealed class CsvTable<T>
{
    private readonly List<(string Name, Func<object?, object?> Get)> _columns = [];

    public CsvTable(JsonTypeInfo<T> type) => Add(type, "", row => row);

    public IEnumerable<string> Columns => _columns.Select(column => column.Name);

    public void AppendHeader(StringBuilder csv)
    {
        csv.AppendJoin(',', Columns);
        CsvText.EndRow(csv);
    }

    public void AppendRow(StringBuilder csv, T row)
    {
        for (var i = 0; i < _columns.Count; i++)
        {
            if (i > 0)
                csv.Append(',');
            CsvText.AppendValue(csv, _columns[i].Get(row));
        }

        CsvText.EndRow(csv);
    }

    private void Add(JsonTypeInfo type, string prefix, Func<object?, object?> whole)
    {
        foreach (var property in type.Properties)
        {
            if (property.Get is not { } get)
                continue;
            object? Value(object? row) => whole(row) is { } found ? get(found) : null;
            var inner = type.Options.GetTypeInfo(property.PropertyType);
            if (inner.Kind == JsonTypeInfoKind.Object)
                Add(inner, prefix + property.Name + "_", Value);
            else if (inner.Kind == JsonTypeInfoKind.None)
                _columns.Add((prefix + property.Name, Value));
        }
    }
}
