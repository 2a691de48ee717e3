using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Delivery.Mta.Jobs;

/// <summary>
/// Reads the fields of one JSON object and collects every fault with the field's path, instead of stopping at the first.
/// Call <see cref="RefuseUnknown"/> last: what was never asked for is unknown.
/// </summary>
internal sealed partial class RequestObject
{
    private const int MaxUnknown = 5;
    private const int MaxNameLength = 100;

    private readonly JsonElement _object;
    private readonly string _path;
    private readonly List<FieldError> _errors;
    private readonly List<string> _known = [];

    private RequestObject(JsonElement element, string path, List<FieldError> errors)
    {
        _object = element;
        _path = path;
        _errors = errors;
    }

    /// <summary>Null, and an error, where the element is no object.</summary>
    public static RequestObject? Open(JsonElement element, string path, List<FieldError> errors)
    {
        if (element.ValueKind == JsonValueKind.Object)
            return new RequestObject(element, path, errors);
        errors.Add(new FieldError(path.Length == 0 ? "body" : path, "must be a JSON object"));
        return null;
    }

    /// <summary>False where the field is absent or null.</summary>
    public bool TryGet(string name, out JsonElement value)
    {
        _known.Add(name);
        return _object.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    /// <summary>True where the field is there and null.</summary>
    public bool IsNull(string name)
    {
        _known.Add(name);
        return _object.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Null;
    }

    public RequestObject? Object(string name, bool required)
    {
        if (TryGet(name, out var value))
            return Open(value, At(name), _errors);
        if (required)
            Fault(name, "is missing");
        return null;
    }

    public string? Text(string name, int maxBytes, bool required = false)
    {
        if (!TryGet(name, out var value))
        {
            if (required)
                Fault(name, "is missing");
            return null;
        }

        return FieldValue.Text(value, _path, name, maxBytes, _errors);
    }

    /// <summary>A string that goes into a header as it is: no line breaks or other control characters.</summary>
    public string? Line(string name, int maxBytes) =>
        TryGet(name, out var value) ? FieldValue.Line(value, _path, name, maxBytes, _errors) : null;

    public bool Flag(string name, bool otherwise)
    {
        if (!TryGet(name, out var value))
            return otherwise;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Fault(name, "must be true or false");
        return otherwise;
    }

    /// <summary>A number within bounds; null where absent.</summary>
    public double? Number(string name, double least, double most)
    {
        if (!TryGet(name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most)
            return number;
        Fault(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}"));
        return null;
    }

    /// <summary>A whole number within bounds; null where absent.</summary>
    public uint? Whole(string name, uint least, uint most)
    {
        if (!TryGet(name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetUInt32(out var number) && number >= least && number <= most)
            return number;
        Fault(name, $"must be a whole number from {least} to {most}");
        return null;
    }

    /// <summary>An instant as RFC 3339 writes it, such as <c>2026-03-01T09:00:00Z</c>; the offset must be there. Null where absent.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        if (TryText(value, out var text) && text.Contains('T', StringComparison.OrdinalIgnoreCase) && OffsetPattern().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return time;
        Fault(name, "must be a time with its offset, such as \"2026-03-01T09:00:00Z\" or \"2026-03-01T09:00:00+02:00\"");
        return null;
    }

    /// <summary>A JSON object kept as it is; default where absent.</summary>
    public JsonElement Data(string name, int maxBytes) =>
        TryGet(name, out var value) ? FieldValue.Data(value, _path, name, maxBytes, _errors) : default;

    /// <summary>Names the first few; an answer must not outgrow its request.</summary>
    public void RefuseUnknown() => RefuseUnknown(_object, _path, _known, _errors);

    /// <summary>The same for an object whose fields were read by other means.</summary>
    public static void RefuseUnknown(JsonElement element, string path, IReadOnlyCollection<string> known, List<FieldError> errors)
    {
        var unknown = 0;
        foreach (var property in element.EnumerateObject())
        {
            if (known.Contains(property.Name))
                continue;
            if (++unknown > MaxUnknown)
                return;
            errors.Add(new FieldError(FieldValue.At(path, Short(property.Name)), $"is not a known field; known here: {string.Join(", ", known)}"));
        }
    }

    public void Fault(string name, string message) => _errors.Add(new FieldError(At(name), message));

    public string At(string name) => FieldValue.At(_path, name);

    private static string Short(string name) => name.Length <= MaxNameLength ? name : name[..MaxNameLength] + "…";

    /// <inheritdoc cref="FieldValue.TryText"/>
    public static bool TryText(JsonElement value, out string text) => FieldValue.TryText(value, out text);

    [GeneratedRegex("([Zz]|[+-][0-9]{2}:[0-9]{2})$")]
    private static partial Regex OffsetPattern();
}
