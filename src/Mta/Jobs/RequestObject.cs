using System.Text;
using System.Text.Json;

namespace Delivery.Mta.Jobs;

/// <summary>
/// Reads the fields of one JSON object and collects every fault with the field's path, instead of stopping at the first.
/// Call <see cref="RefuseUnknown"/> last: what was never asked for is unknown.
/// </summary>
internal sealed class RequestObject
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

        if (value.ValueKind != JsonValueKind.String || !TryText(value, out var text))
        {
            Fault(name, "must be a string of valid Unicode");
            return null;
        }

        if (Encoding.UTF8.GetByteCount(text) > maxBytes)
            Fault(name, $"is longer than {maxBytes} bytes");
        return text;
    }

    /// <summary>A string that goes into a header as it is: no line breaks or other control characters.</summary>
    public string? Line(string name, int maxBytes)
    {
        var text = Text(name, maxBytes);
        if (text is not null && HasControl(text))
        {
            Fault(name, "has a line break or control character");
            return null;
        }

        return text;
    }

    public bool Flag(string name, bool otherwise)
    {
        if (!TryGet(name, out var value))
            return otherwise;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Fault(name, "must be true or false");
        return otherwise;
    }

    /// <summary>A JSON object kept as it is; default where absent.</summary>
    public JsonElement Data(string name, int maxBytes)
    {
        if (!TryGet(name, out var value))
            return default;
        if (value.ValueKind != JsonValueKind.Object)
            Fault(name, "must be a JSON object");
        else if (System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value).Length > maxBytes)
            Fault(name, $"is longer than {maxBytes} bytes");
        return value;
    }

    /// <summary>Names the first few; an answer must not outgrow its request.</summary>
    public void RefuseUnknown()
    {
        var unknown = 0;
        foreach (var property in _object.EnumerateObject())
        {
            if (_known.Contains(property.Name))
                continue;
            if (++unknown > MaxUnknown)
                return;
            Fault(Short(property.Name), $"is not a known field; known here: {string.Join(", ", _known)}");
        }
    }

    public void Fault(string name, string message) => _errors.Add(new FieldError(At(name), message));

    public string At(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private static bool HasControl(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
                return true;
        }

        return false;
    }

    private static string Short(string name) => name.Length <= MaxNameLength ? name : name[..MaxNameLength] + "…";

    /// <summary>False for lone surrogates, which JSON can spell and UTF-8 cannot.</summary>
    public static bool TryText(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }
}
