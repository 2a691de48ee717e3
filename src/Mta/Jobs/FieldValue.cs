using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Delivery.Mta.Jobs;

/// <summary>Reads one value of a request; what does not fit is added to the errors under the field's path. Absent values and null are null.</summary>
internal static class FieldValue
{
    /// <summary>Bound of substitution data, in bytes of JSON.</summary>
    public const int MaxDataBytes = 256 << 10;

    public static string? Text(JsonElement value, string path, string name, int maxBytes, List<FieldError> errors)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.String || !TryText(value, out var text))
        {
            errors.Add(new FieldError(At(path, name), "must be a string of valid Unicode"));
            return null;
        }

        CheckLength(text, path, name, maxBytes, errors);
        return text;
    }

    /// <summary>A string that goes into a header as it is: no line breaks or other control characters.</summary>
    public static string? Line(JsonElement value, string path, string name, int maxBytes, List<FieldError> errors) =>
        Text(value, path, name, maxBytes, errors) is { } text && CheckLine(text, path, name, errors) ? text : null;

    /// <summary>A JSON object kept as it is; default where absent.</summary>
    public static JsonElement Data(JsonElement value, string path, string name, int maxBytes, List<FieldError> errors)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return default;
        if (value.ValueKind != JsonValueKind.Object)
            errors.Add(new FieldError(At(path, name), "must be a JSON object"));
        else if (JsonMarshal.GetRawUtf8Value(value).Length > maxBytes)
            errors.Add(new FieldError(At(path, name), $"is longer than {maxBytes} bytes"));
        return value;
    }

    public static void CheckLength(string text, string path, string name, int maxBytes, List<FieldError> errors)
    {
        if (text.Length > maxBytes / 3 && Encoding.UTF8.GetByteCount(text) > maxBytes)
            errors.Add(new FieldError(At(path, name), $"is longer than {maxBytes} bytes"));
    }

    /// <summary>False, and an error, for line breaks and other control characters.</summary>
    public static bool CheckLine(string text, string path, string name, List<FieldError> errors)
    {
        foreach (var c in text)
        {
            if (!char.IsControl(c) && c is not ('\u2028' or '\u2029'))
                continue;
            errors.Add(new FieldError(At(path, name), "has a line break or control character"));
            return false;
        }

        return true;
    }

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

    public static string At(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
