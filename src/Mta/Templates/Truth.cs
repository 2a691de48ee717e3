namespace Delivery.Mta.Templates;

/// <summary>Handlebars' notions of true and of empty.</summary>
internal static class Truth
{
    /// <summary>False for false, 0, "", null, an empty list and what is missing; true for everything else.</summary>
    public static bool IsTruthy(in TemplateValue value) => value.Kind switch
    {
        ValueKind.Number => (value.Bytes is null ? value.Json.GetDouble() : value.Number) != 0,
        _ => !IsEmpty(value),
    };

    /// <summary>As falsy, but 0 is not empty.</summary>
    public static bool IsEmpty(in TemplateValue value) => value.Kind switch
    {
        ValueKind.Missing or ValueKind.Null or ValueKind.False => true,
        ValueKind.String when value.Bytes is not null => value.Length == 0,
        ValueKind.String => value.Json.ValueEquals(default(ReadOnlySpan<byte>)),
        ValueKind.Array => value.Json.GetArrayLength() == 0,
        _ => false,
    };
}
