using System.Buffers;
using System.Buffers.Text;

namespace Delivery.Mta.Messages;

/// <summary>Base64 of RFC 4648 section 4 in its one canonical form: no white space, padding in place, no stray bits.</summary>
internal static class StrictBase64
{
    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    /// <param name="at">Where it fails, from 0; the text's length where it ends too early.</param>
    public static bool TryDecode(ReadOnlySpan<byte> text, out byte[] data, out int at)
    {
        data = [];
        var padding = text.EndsWith("=="u8) ? 2 : text.EndsWith("="u8) ? 1 : 0;
        at = text[..^padding].IndexOfAnyExcept(Alphabet);
        if (at >= 0)
            return false;
        at = text.Length;
        if (text.Length % 4 != 0)
            return false;
        data = new byte[text.Length / 4 * 3 - padding];
        if (padding > 0)
        {
            Span<byte> last = stackalloc byte[4];
            Base64.DecodeFromUtf8(text[^4..], last, out _, out var tail);
            Span<byte> again = stackalloc byte[4];
            Base64.EncodeToUtf8(last[..tail], again, out _, out _);
            if (!again.SequenceEqual(text[^4..]))
            {
                at = text.Length - padding - 1;
                return false;
            }
        }
        return Base64.DecodeFromUtf8(text, data, out _, out var written) == OperationStatus.Done && written == data.Length;
    }
}
