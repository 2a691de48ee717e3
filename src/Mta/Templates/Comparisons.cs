namespace Delivery.Mta.Templates;

/// <summary>Helpers that answer yes or no. A number and a string that reads as a number compare as numbers.</summary>
internal static class Comparisons
{
    public static TemplateValue Equal(RenderState state, ReadOnlySpan<TemplateValue> a) => TemplateValue.Of(AreEqual(state, a[0], a[1]));

    public static TemplateValue NotEqual(RenderState state, ReadOnlySpan<TemplateValue> a) => TemplateValue.Of(!AreEqual(state, a[0], a[1]));

    public static TemplateValue Less(RenderState state, ReadOnlySpan<TemplateValue> a) =>
        TemplateValue.Of(TryCompare(state, a[0], a[1], out var order) && order < 0);

    public static TemplateValue LessOrEqual(RenderState state, ReadOnlySpan<TemplateValue> a) =>
        TemplateValue.Of(TryCompare(state, a[0], a[1], out var order) && order <= 0);

    public static TemplateValue Greater(RenderState state, ReadOnlySpan<TemplateValue> a) =>
        TemplateValue.Of(TryCompare(state, a[0], a[1], out var order) && order > 0);

    public static TemplateValue GreaterOrEqual(RenderState state, ReadOnlySpan<TemplateValue> a) =>
        TemplateValue.Of(TryCompare(state, a[0], a[1], out var order) && order >= 0);

    public static TemplateValue And(RenderState state, ReadOnlySpan<TemplateValue> a)
    {
        foreach (ref readonly var value in a)
        {
            if (!Truth.IsTruthy(value))
                return TemplateValue.Of(false);
        }
        return TemplateValue.Of(true);
    }

    public static TemplateValue Or(RenderState state, ReadOnlySpan<TemplateValue> a)
    {
        foreach (ref readonly var value in a)
        {
            if (Truth.IsTruthy(value))
                return TemplateValue.Of(true);
        }
        return TemplateValue.Of(false);
    }

    public static TemplateValue Not(RenderState state, ReadOnlySpan<TemplateValue> a) => TemplateValue.Of(!Truth.IsTruthy(a[0]));

    /// <summary>A list has an element, a text has a part.</summary>
    public static TemplateValue Contains(RenderState state, ReadOnlySpan<TemplateValue> a)
    {
        if (a[0].Kind == ValueKind.String)
        {
            var text = state.Utf8(a[0]);
            var part = state.Utf8(a[1]);
            // A long part may be compared at every place.
            state.Charge((int)Math.Min(text.Length + (long)text.Length * part.Length / 1024, int.MaxValue));
            return TemplateValue.Of(a[1].Kind is ValueKind.String or ValueKind.Number && !state.IsExhausted && text.IndexOf(part) >= 0);
        }
        if (a[0].Kind != ValueKind.Array)
            return TemplateValue.Of(false);
        state.Charge(a[0].Json.GetArrayLength() << 5);
        foreach (var element in a[0].Json.EnumerateArray())
        {
            if (AreEqual(state, TemplateValue.OfJson(element), a[1]))
                return TemplateValue.Of(true);
        }
        return TemplateValue.Of(false);
    }

    private static bool AreEqual(RenderState state, in TemplateValue left, in TemplateValue right)
    {
        if (left.Kind == ValueKind.Number || right.Kind == ValueKind.Number)
            return ValueNumbers.TryRead(state, left, out var a) && ValueNumbers.TryRead(state, right, out var b) && a.Equals(b);
        if (left.Kind <= ValueKind.Null || right.Kind <= ValueKind.Null)
            return left.Kind <= ValueKind.Null && right.Kind <= ValueKind.Null;
        if (left.Kind != right.Kind)
            return false;
        if (left.Kind != ValueKind.String)
            return left.Kind is ValueKind.True or ValueKind.False;
        var text = state.Utf8(left);
        state.Charge(text.Length);
        return text.SequenceEqual(state.Utf8(right));
    }

    private static bool TryCompare(RenderState state, in TemplateValue left, in TemplateValue right, out int order)
    {
        order = 0;
        if (ValueNumbers.TryRead(state, left, out var a) && ValueNumbers.TryRead(state, right, out var b))
        {
            order = a.CompareTo(b);
            return true;
        }
        if (left.Kind != ValueKind.String || right.Kind != ValueKind.String)
            return false;
        var text = state.Utf8(left);
        state.Charge(text.Length);
        order = text.SequenceCompareTo(state.Utf8(right));
        return true;
    }
}
