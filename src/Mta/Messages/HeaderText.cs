using System.Text;
using System.Text.Unicode;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>Makes any rendered bytes safe for a header: nothing in them can end the line.</summary>
internal static class HeaderText
{
    /// <summary>
    /// Copies valid UTF-8 in which every control character and line or paragraph separator became a space, without
    /// spaces at either end.
    /// </summary>
    public static ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> text, ByteBuffer scratch)
    {
        scratch.Clear();
        if (!Utf8.IsValid(text))
            scratch.Write(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text)));
        else
            scratch.Write(text);
        var bytes = scratch.GetWrittenSpan();
        for (var i = 0; i < bytes.Length; i++)
        {
            var length = SeparatorLength(bytes[i..]);
            if (length == 0)
                continue;
            bytes.Slice(i, length).Fill((byte)' ');
            i += length - 1;
        }
        return scratch.Written.Trim((byte)' ');
    }

    /// <summary>Bytes of the control character or separator that the text begins with; 0 when it begins with none.</summary>
    private static int SeparatorLength(ReadOnlySpan<byte> text) => text[0] switch
    {
        < 0x20 or 0x7F => 1,
        0xC2 when text.Length > 1 && text[1] < 0xA0 => 2,
        0xE2 when text.Length > 2 && text[1] == 0x80 && (text[2] is 0xA8 or 0xA9) => 3,
        _ => 0,
    };
}
