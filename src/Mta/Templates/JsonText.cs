using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Delivery.Mta.Templates;

/// <summary>The UTF-8 of JSON strings without a string in between.</summary>
internal static class JsonText
{
    private static readonly Rune Replacement = Rune.ReplacementChar;

    /// <summary>The characters of a JSON string, in the document itself or, where it has escapes, in the arena.</summary>
    public static ReadOnlySpan<byte> Read(JsonElement text, ByteArena arena)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text);
        raw = raw[1..^1];
        return raw.IndexOf((byte)'\\') < 0 ? raw : Unescape(raw, arena);
    }

    public static ReadOnlySpan<byte> ReadName(JsonProperty property, ByteArena arena)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(property);
        return raw.IndexOf((byte)'\\') < 0 ? raw : Unescape(raw, arena);
    }

    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> raw, ByteArena arena)
    {
        var value = arena.Rent(raw.Length);
        var length = Unescape(raw, value);
        var kept = arena.Commit(length);
        return kept.Bytes.AsSpan(kept.Offset, kept.Length);
    }

    /// <summary>
    /// Undoes JSON's escapes (RFC 8259 section 7). Half a surrogate pair becomes U+FFFD. The result is never longer.
    /// </summary>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        var written = 0;
        while (!raw.IsEmpty)
        {
            var slash = raw.IndexOf((byte)'\\');
            var plain = slash < 0 ? raw : raw[..slash];
            plain.CopyTo(destination[written..]);
            written += plain.Length;
            if (slash < 0 || slash + 1 >= raw.Length)
                break;
            var escape = raw[slash + 1];
            raw = raw[(slash + 2)..];
            if (escape == (byte)'u')
                written += ReadUnicode(ref raw).EncodeToUtf8(destination[written..]);
            else
                destination[written++] = Simple(escape);
        }
        return written;
    }

    private static byte Simple(byte escape) => escape switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => escape,
    };

    private static Rune ReadUnicode(ref ReadOnlySpan<byte> raw)
    {
        var first = (char)ReadHex(raw);
        raw = raw[4..];
        if (Rune.TryCreate(first, out var rune))
            return rune;
        if (raw.Length >= 6 && raw[0] == (byte)'\\' && raw[1] == (byte)'u'
            && Rune.TryCreate(first, (char)ReadHex(raw[2..]), out var pair))
        {
            raw = raw[6..];
            return pair;
        }
        return Replacement;
    }

    private static int ReadHex(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        for (var i = 0; i < 4; i++)
            value = (value << 4) | HexDigit(digits[i]);
        return value;
    }

    private static int HexDigit(byte digit) =>
        char.IsAsciiDigit((char)digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
