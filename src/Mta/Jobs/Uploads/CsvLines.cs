using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Delivery.Contracts.Events;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>
/// CSV with a header: <c>email</c>, <c>name</c>, <c>id</c> and <c>variant</c> are the recipient's own, <c>metadata.x</c> is field <c>x</c> of its metadata,
/// every other column a field of its substitution data. Values are strings.
/// </summary>
internal sealed class CsvLines : RecipientLines
{
    private const int MaxColumns = 1_000;

    private static readonly JsonWriterOptions Unchecked = new() { SkipValidation = true };

    private readonly CsvRecord _record = new();
    private readonly ArrayBufferWriter<byte> _json = new();
    private CsvColumn[] _columns = [];
    private int _metadata;

    public override bool HasHeader => true;

    public override bool Quoted => true;

    public override string? ReadHeader(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
            return "is not UTF-8";
        if (!_record.TryRead(line))
            return "has a quote out of place";
        if (_record.Count > MaxColumns)
            return $"has {_record.Count} columns, more than {MaxColumns}";
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        _columns = new CsvColumn[_record.Count];
        for (var i = 0; i < _record.Count; i++)
        {
            var name = Encoding.UTF8.GetString(_record[i]).Trim();
            _columns[i] = CsvColumn.Of(name);
            if (_columns[i].Field.EncodedUtf8Bytes.IsEmpty)
                return $"has no name for column {i + 1}";
            if (!names.Add(name))
                return $"names the column '{name}' twice";
            if (_columns[i].Kind == CsvColumnKind.Metadata)
                _metadata++;
        }

        return names.Contains("email") ? null : "has no column 'email'; columns are separated by commas";
    }

    public override UploadedRecipient? Parse(ReadOnlyMemory<byte> line)
    {
        Faults.Clear();
        Email = null;
        if (!Utf8.IsValid(line.Span))
            return Reject("is not UTF-8");
        if (!_record.TryRead(line.Span))
            return Reject("has a quote out of place");
        if (_record.Count != _columns.Length)
            return Reject($"has {_record.Count} fields where the header has {_columns.Length}");
        string? email = null, name = null, id = null, variant = null;
        for (var i = 0; i < _columns.Length; i++)
        {
            switch (_columns[i].Kind)
            {
                case CsvColumnKind.Email:
                    email = Text(i);
                    break;
                case CsvColumnKind.Name:
                    name = Line(i, "name", MailboxParser.MaxAddressText);
                    break;
                case CsvColumnKind.Id:
                    id = Line(i, "id", EventLimits.UpstreamIdBytes);
                    break;
                case CsvColumnKind.Variant:
                    variant = Line(i, "variant", EventLimits.WordBytes);
                    break;
                case CsvColumnKind.Data:
                case CsvColumnKind.Metadata:
                default:
                    break;
            }
        }

        Email = email?[..Math.Min(email.Length, MailboxParser.MaxAddressText)];
        if (email is null)
            Faults.Add(new FieldError("email", "is missing"));
        else if (RecipientAddress.Fault(email) is { } fault)
            Faults.Add(new FieldError("email", fault));
        var data = Object(CsvColumnKind.Data, "substitution_data", FieldValue.MaxDataBytes);
        var metadata = _metadata == 0 ? null : Object(CsvColumnKind.Metadata, "metadata", EventLimits.MetadataBytes);
        return Faults.Count > 0 ? null : new UploadedRecipient(email!, name, id, variant, data, metadata);
    }

    /// <summary>Null where it is empty.</summary>
    private string? Text(int column) => _record[column].IsEmpty ? null : Encoding.UTF8.GetString(_record[column]).Trim();

    private string? Line(int column, string name, int maxBytes)
    {
        if (Text(column) is not { Length: > 0 } text)
            return null;
        FieldValue.CheckLength(text, "", name, maxBytes, Faults);
        FieldValue.CheckLine(text, "", name, Faults);
        return text;
    }

    private byte[]? Object(CsvColumnKind kind, string name, int maxBytes)
    {
        _json.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_json, Unchecked);
        writer.WriteStartObject();
        var any = false;
        for (var i = 0; i < _columns.Length; i++)
        {
            if (_columns[i].Kind != kind)
                continue;
            writer.WriteString(_columns[i].Field, _record[i]);
            any = true;
        }

        if (!any)
            return null;
        writer.WriteEndObject();
        writer.Flush();
        if (_json.WrittenCount <= maxBytes)
            return _json.WrittenSpan.ToArray();
        Faults.Add(new FieldError(name, $"is longer than {maxBytes} bytes"));
        return null;
    }

    private UploadedRecipient? Reject(string reason)
    {
        Faults.Add(new FieldError("the line", reason));
        return null;
    }
}
