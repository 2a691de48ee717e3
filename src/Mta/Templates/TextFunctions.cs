using System.Text;

namespace Delivery.Mta.Templates;

/// <summary>Helpers over text and lists. Case follows Unicode's simple, language-free mapping.</summary>
internal static class TextFunctions
{
    private enum Casing
    {
        Upper,
        Lower,
        FirstUpper,
    }

    public static TemplateValue Upper(RenderState state, ReadOnlySpan<TemplateValue> a) => Recase(state, a[0], Casing.Upper);

    public static TemplateValue Lower(RenderState state, ReadOnlySpan<TemplateValue> a) => Recase(state, a[0], Casing.Lower);

    public static TemplateValue Capitalize(RenderState state, ReadOnlySpan<TemplateValue> a) => Recase(state, a[0], Casing.FirstUpper);

    /// <summary>The first that is neither missing, null nor "".</summary>
    public static TemplateValue Default(RenderState state, ReadOnlySpan<TemplateValue> a)
    {
        for (var i = 0; i < a.Length - 1; i++)
        {
            if (a[i].Kind > ValueKind.Null && !(a[i].Kind == ValueKind.String && Truth.IsEmpty(a[i])))
                return a[i];
        }
        return a[^1];
    }

    public static TemplateValue Length(RenderState state, ReadOnlySpan<TemplateValue> a)
    {
        switch (a[0].Kind)
        {
            case ValueKind.Array:
                return state.OfInteger(a[0].Json.GetArrayLength());
            case ValueKind.Object:
                return state.OfInteger(a[0].Json.GetPropertyCount());
            case ValueKind.String:
                var text = state.Utf8(a[0]);
                state.Charge(text.Length);
                return state.OfInteger(CountRunes(text));
            default:
                return state.OfInteger(0);
        }
    }

    /// <summary>The scalars of a list with a separator between, ", " unless told.</summary>
    public static TemplateValue Join(RenderState state, ReadOnlySpan<TemplateValue> a)
    {
        if (a[0].Kind != ValueKind.Array)
            return a[0];
        var separator = a.Length > 1 ? state.Utf8(a[1]) : ", "u8;
        state.Charge((int)Math.Min((long)a[0].Json.GetArrayLength() << 5, int.MaxValue));
        if (state.IsExhausted)
            return TemplateValue.Missing;
        var total = 0;
        foreach (var element in a[0].Json.EnumerateArray())
            total += state.Utf8(TemplateValue.OfJson(element)).Length + separator.Length;
        state.Charge(total);
        if (total > TemplateLimits.MaxOutputBytes)
            return TemplateValue.Missing;
        var joined = new byte[total];
        var at = 0;
        foreach (var element in a[0].Json.EnumerateArray())
        {
            if (at > 0)
                at += Append(separator, joined, at);
            at += Append(state.Utf8(TemplateValue.OfJson(element)), joined, at);
        }
        return TemplateValue.OfString(joined, 0, at);
    }

    /// <summary>Percent-encodes all but RFC 3986's unreserved characters.</summary>
    public static TemplateValue Url(RenderState state, ReadOnlySpan<TemplateValue> a)
    {
        var text = state.Utf8(a[0]);
        state.Charge(text.Length);
        var room = state.Arena.Rent(text.Length * 3);
        var at = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit((char)c) || c is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
            {
                room[at++] = c;
                continue;
            }
            room[at++] = (byte)'%';
            room[at++] = "0123456789ABCDEF"u8[c >> 4];
            room[at++] = "0123456789ABCDEF"u8[c & 15];
        }
        return state.Arena.Commit(at);
    }

    private static int Append(ReadOnlySpan<byte> text, byte[] destination, int at)
    {
        text.CopyTo(destination.AsSpan(at));
        return text.Length;
    }

    private static int CountRunes(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var c in text)
            count += (c & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }

    private static TemplateValue Recase(RenderState state, in TemplateValue value, Casing casing)
    {
        var text = state.Utf8(value);
        state.Charge(text.Length);
        // A letter may need one byte more in the other case, never twice the room.
        var room = state.Arena.Rent(text.Length * 2 + 4);
        var at = 0;
        var first = true;
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var used);
            text = text[used..];
            rune = casing switch
            {
                Casing.Lower => Rune.ToLowerInvariant(rune),
                Casing.Upper => Rune.ToUpperInvariant(rune),
                _ => first ? Rune.ToUpperInvariant(rune) : rune,
            };
            first = false;
            at += rune.EncodeToUtf8(room[at..]);
        }
        return state.Arena.Commit(at);
    }
}
