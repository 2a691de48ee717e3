using System.Text.Json;

namespace Delivery.Mta.Templates;

/// <summary>
/// What an expression yields: JSON of the caller's document, or a literal or computed string or number held as
/// UTF-8. Valid while the document lives and until the render ends.
/// </summary>
internal readonly struct TemplateValue
{
    private TemplateValue(ValueKind kind, JsonElement json = default, byte[]? bytes = null, int offset = 0, int length = 0, double number = 0)
    {
        Kind = kind;
        Json = json;
        Bytes = bytes;
        Offset = offset;
        Length = length;
        Number = number;
    }

    public static TemplateValue Missing => default;

    public static TemplateValue Null => new(ValueKind.Null);

    public static TemplateValue Root => new(ValueKind.Root);

    public static TemplateValue Address => new(ValueKind.Address);

    public static TemplateValue Metadata => new(ValueKind.Metadata);

    public ValueKind Kind { get; }

    public JsonElement Json { get; }

    /// <summary>Null when the value is JSON.</summary>
    public byte[]? Bytes { get; }

    public int Offset { get; }

    public int Length { get; }

    /// <summary>The value of a number that is not JSON.</summary>
    public double Number { get; }

    public static TemplateValue Of(bool value) => new(value ? ValueKind.True : ValueKind.False);

    public static TemplateValue OfString(byte[] bytes) => OfString(bytes, 0, bytes.Length);

    public static TemplateValue OfString(byte[] bytes, int offset, int length) =>
        new(ValueKind.String, bytes: bytes, offset: offset, length: length);

    public static TemplateValue OfNumber(byte[] bytes, int offset, int length, double number) =>
        new(ValueKind.Number, bytes: bytes, offset: offset, length: length, number: number);

    public static TemplateValue OfJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Undefined => Missing,
        JsonValueKind.Null => Null,
        JsonValueKind.True => Of(true),
        JsonValueKind.False => Of(false),
        JsonValueKind.Number => new(ValueKind.Number, json),
        JsonValueKind.String => new(ValueKind.String, json),
        JsonValueKind.Array => new(ValueKind.Array, json),
        _ => new(ValueKind.Object, json),
    };
}
