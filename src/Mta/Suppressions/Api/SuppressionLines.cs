using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Delivery.Contracts.Suppressions;
using Delivery.Mta.Jobs;
using Delivery.Mta.Jobs.Uploads;

namespace Delivery.Mta.Suppressions.Api;

/// <summary>The lines of an import, NDJSON or CSV with a header. An instance reads one body; not thread-safe.</summary>
internal sealed class SuppressionLines(bool csv, SuppressionParser parser)
{
    private static readonly string[] Columns = ["email", "key", "reason", "list", "since"];
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly List<FieldError> _faults = [];
    private readonly CsvRecord _record = new();
    private readonly string[] _fields = ["", "", "", "", ""];
    private int[] _columns = [];

    public bool IsCsv => csv;

    /// <summary>Null where the header will do, else what is wrong with it.</summary>
    public string? ReadHeader(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line) || !_record.TryRead(line))
            return "is not UTF-8, or has a quote out of place";
        _columns = new int[_record.Count];
        for (var i = 0; i < _record.Count; i++)
        {
            var name = Encoding.UTF8.GetString(_record[i]).Trim();
            var at = Array.FindIndex(Columns, one => one.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (at < 0)
                return $"names the column '{name[..Math.Min(name.Length, 50)]}'; known are {string.Join(", ", Columns)}";
            if (Array.IndexOf(_columns, at, 0, i) >= 0)
                return $"names the column '{name}' twice";
            _columns[i] = at;
        }

        return _columns.AsSpan().ContainsAny(0, 1) ? null : "has no column 'email' and none 'key'; columns are separated by commas";
    }

    /// <summary>Null where the line is rejected: <see cref="Reason"/> says why.</summary>
    public SuppressedRecipient? Parse(ReadOnlyMemory<byte> line)
    {
        _faults.Clear();
        parser.Forget();
        if (!Utf8.IsValid(line.Span))
            return Reject("is not UTF-8");
        return csv ? ParseRecord(line.Span) : ParseJson(line);
    }

    /// <summary>The address of the last line, where it had one.</summary>
    public string? Email => parser.Email;

    /// <summary>Why the last line was rejected.</summary>
    public string Reason() => $"{_faults[0].Field} {_faults[0].Message}";

    private SuppressedRecipient? ParseRecord(ReadOnlySpan<byte> line)
    {
        if (!_record.TryRead(line))
            return Reject("has a quote out of place");
        if (_record.Count != _columns.Length)
            return Reject($"has {_record.Count} fields where the header has {_columns.Length}");
        for (var i = 0; i < _columns.Length; i++)
            _fields[_columns[i]] = Encoding.UTF8.GetString(_record[i]).Trim();
        return parser.Parse(_fields[0], _fields[1], _fields[2], _fields[3], _fields[4], _faults);
    }

    private SuppressedRecipient? ParseJson(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            return parser.Parse(document.RootElement, _faults);
        }
        catch (JsonException e)
        {
            return Reject($"is not valid JSON at byte {e.BytePositionInLine + 1}: {Problems.Message(e)}");
        }
        catch (InvalidOperationException)
        {
            return Reject("has a name with an incomplete surrogate pair");
        }
    }

    private SuppressedRecipient? Reject(string reason)
    {
        _faults.Add(new FieldError("the line", reason));
        return null;
    }
}
