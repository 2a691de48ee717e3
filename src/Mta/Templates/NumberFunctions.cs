using System.Globalization;

namespace Delivery.Mta.Templates;

/// <summary>Helpers over numbers, exact in decimals up to 28 digits. What is no number passes through or is missing.</summary>
internal static class NumberFunctions
{
    private const int MaxDecimals = 10;

    /// <summary><c>(number value decimals thousands point)</c>; halves round away from zero.</summary>
    public static TemplateValue Number(RenderState state, ReadOnlySpan<TemplateValue> a)
    {
        if (!ValueNumbers.TryReadExact(state, a[0], out var number))
            return a[0];
        if (a.Length > 1 && ValueNumbers.TryRead(state, a[1], out var wanted))
            number = Fix(number, (int)Math.Clamp(wanted, 0, MaxDecimals));
        Span<byte> plain = stackalloc byte[64];
        number.TryFormat(plain, out var length, default, CultureInfo.InvariantCulture);
        plain = plain[..length];
        var thousands = a.Length > 2 ? state.Utf8(a[2]) : default;
        var point = a.Length > 3 ? state.Utf8(a[3]) : "."u8;
        if (thousands.Length > 8 || point.Length > 8)
            return a[0];
        var room = state.Arena.Rent(512);
        return state.Arena.CommitNumber(Layout(plain, thousands, point, room), (double)number);
    }

    public static TemplateValue Plus(RenderState state, ReadOnlySpan<TemplateValue> a) => Calculate(state, a, '+');

    public static TemplateValue Minus(RenderState state, ReadOnlySpan<TemplateValue> a) => Calculate(state, a, '-');

    public static TemplateValue Times(RenderState state, ReadOnlySpan<TemplateValue> a) => Calculate(state, a, '*');

    /// <summary>Rounds, and makes the number carry exactly so many decimals.</summary>
    private static decimal Fix(decimal number, int decimals)
    {
        number = decimal.Round(number, decimals, MidpointRounding.AwayFromZero);
        if (number.Scale >= decimals || Math.Abs(number) > 1_000_000_000_000_000m)
            return number;
        return number + new decimal(0, 0, 0, false, (byte)decimals);
    }

    private static int Layout(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> thousands, ReadOnlySpan<byte> point, Span<byte> room)
    {
        var at = 0;
        if (plain[0] == (byte)'-')
        {
            room[at++] = (byte)'-';
            plain = plain[1..];
        }
        var dot = plain.IndexOf((byte)'.');
        var whole = dot < 0 ? plain : plain[..dot];
        for (var i = 0; i < whole.Length; i++)
        {
            if (i > 0 && (whole.Length - i) % 3 == 0)
            {
                thousands.CopyTo(room[at..]);
                at += thousands.Length;
            }
            room[at++] = whole[i];
        }
        if (dot < 0)
            return at;
        point.CopyTo(room[at..]);
        at += point.Length;
        plain[(dot + 1)..].CopyTo(room[at..]);
        return at + plain.Length - dot - 1;
    }

    private static TemplateValue Calculate(RenderState state, ReadOnlySpan<TemplateValue> a, char operation)
    {
        if (TryExact(state, a, operation, out var exact))
            return ValueNumbers.Format(exact, state.Arena);
        if (!ValueNumbers.TryRead(state, a[0], out var left) || !ValueNumbers.TryRead(state, a[1], out var right))
            return TemplateValue.Missing;
        var number = operation switch { '+' => left + right, '-' => left - right, _ => left * right };
        return double.IsFinite(number) ? ValueNumbers.Format(number, state.Arena) : TemplateValue.Missing;
    }

    private static bool TryExact(RenderState state, ReadOnlySpan<TemplateValue> a, char operation, out decimal result)
    {
        const decimal safe = 100_000_000_000_000m;
        result = 0;
        if (!ValueNumbers.TryReadExact(state, a[0], out var left) || !ValueNumbers.TryReadExact(state, a[1], out var right)
            || Math.Abs(left) > safe || Math.Abs(right) > safe)
            return false;
        result = operation switch { '+' => left + right, '-' => left - right, _ => left * right };
        return true;
    }
}
