using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Delivery.Mta.Templates;

/// <summary>Numbers as text and text as numbers, always invariant.</summary>
internal static class ValueNumbers
{
    /// <summary>
    /// A JSON number as it was written (19.90 stays 19.90); one with an exponent is written out.
    /// </summary>
    public static ReadOnlySpan<byte> Digits(JsonElement number, ByteArena arena)
    {
        var raw = JsonMarshal.GetRawUtf8Value(number);
        if (raw.IndexOfAny((byte)'e', (byte)'E') < 0)
            return raw;
        var value = Format(number.GetDouble(), arena);
        return value.Bytes.AsSpan(value.Offset, value.Length);
    }

    public static TemplateValue Format(double number, ByteArena arena)
    {
        var room = arena.Rent(64);
        if (Math.Abs(number) < 1e28 && TryDecimal(number, out var exact) && exact.TryFormat(room, out var length, default, CultureInfo.InvariantCulture))
            return arena.CommitNumber(length, number);
        return number.TryFormat(room, out length, default, CultureInfo.InvariantCulture)
            ? arena.CommitNumber(length, number)
            : TemplateValue.Missing;
    }

    public static TemplateValue Format(decimal number, ByteArena arena)
    {
        var room = arena.Rent(64);
        number.TryFormat(room, out var length, default, CultureInfo.InvariantCulture);
        return arena.CommitNumber(length, (double)number);
    }

    /// <summary>The value of a number, or of a string that is nothing but a number.</summary>
    public static bool TryRead(RenderState state, in TemplateValue value, out double number)
    {
        number = 0;
        switch (value.Kind)
        {
            case ValueKind.Number:
                number = value.Bytes is null ? value.Json.GetDouble() : value.Number;
                return true;
            case ValueKind.String:
                var text = state.Utf8(value);
                return text.Length is > 0 and <= 64
                    && Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && double.IsFinite(number);
            default:
                return false;
        }
    }

    /// <summary>As <see cref="TryRead"/>, without a binary fraction's rounding.</summary>
    public static bool TryReadExact(RenderState state, in TemplateValue value, out decimal number)
    {
        number = 0;
        if (value.Kind is not (ValueKind.Number or ValueKind.String))
            return false;
        var text = state.Utf8(value);
        return text.Length is > 0 and <= 64
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryDecimal(double number, out decimal exact)
    {
        exact = 0;
        if (!double.IsFinite(number) || (number != 0 && Math.Abs(number) < 1e-14))
            return false;
        exact = (decimal)number;
        return true;
    }
}
