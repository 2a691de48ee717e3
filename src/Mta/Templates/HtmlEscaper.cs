using System.Buffers;

namespace Delivery.Mta.Templates;

/// <summary>Handlebars' HTML escapes: &amp; &lt; &gt; " ' ` and =.</summary>
internal static class HtmlEscaper
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("&<>\"'`="u8);

    public static void Write(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        while (true)
        {
            var at = text.IndexOfAny(Special);
            if (at < 0)
            {
                output.Write(text);
                return;
            }
            output.Write(text[..at]);
            output.Write(Escape(text[at]));
            text = text[(at + 1)..];
        }
    }

    /// <summary>Escapes what the output holds from <paramref name="mark"/> on.</summary>
    public static void WriteInPlace(ByteBuffer output, int mark, ByteArena arena)
    {
        var raw = output.Written[mark..];
        if (raw.IndexOfAny(Special) < 0)
            return;
        var copy = arena.Rent(raw.Length)[..raw.Length];
        raw.CopyTo(copy);
        output.Truncate(mark);
        Write(copy, output);
    }

    private static ReadOnlySpan<byte> Escape(byte c) => c switch
    {
        (byte)'&' => "&amp;"u8,
        (byte)'<' => "&lt;"u8,
        (byte)'>' => "&gt;"u8,
        (byte)'"' => "&quot;"u8,
        (byte)'\'' => "&#x27;"u8,
        (byte)'`' => "&#x60;"u8,
        _ => "&#x3D;"u8,
    };
}
