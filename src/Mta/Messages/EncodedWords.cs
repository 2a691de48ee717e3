using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Encoded-words in UTF-8 (RFC 2047): each at most 75 characters, cut between characters as readers see them, one a line. The alphabet
/// of "Q" is the one allowed in a phrase, so that the same words serve names and unstructured fields.
/// </summary>
internal static class EncodedWords
{
    private const int MaxWord = 75;
    private const int MaxLine = 78;
    private const int Frame = 12;

    /// <summary>What fits into an empty word in either encoding.</summary>
    private const int MaxCharacterBytes = (MaxWord - Frame) / 3;
    private const int ZeroWidthJoiner = 0x200D;

    /// <param name="column">Where on its line the first word begins.</param>
    public static void Write(ReadOnlySpan<byte> utf8, ByteBuffer output, ref int column)
    {
        var quoted = QuotedLength(utf8) <= Base64.GetMaxEncodedToUtf8Length(utf8.Length);
        while (!utf8.IsEmpty)
        {
            var room = Math.Min(MaxWord, MaxLine - column) - Frame;
            var take = quoted ? TakeQuoted(utf8, room) : TakeRunes(utf8, room / 4 * 3);
            if (take == 0)
            {
                output.Write("\r\n "u8);
                column = 1;
                continue;
            }
            var before = output.Length;
            output.Write(quoted ? "=?UTF-8?Q?"u8 : "=?UTF-8?B?"u8);
            if (quoted)
                WriteQuoted(utf8[..take], output);
            else
                WriteBase64(utf8[..take], output);
            output.Write("?="u8);
            column += output.Length - before;
            utf8 = utf8[take..];
            if (utf8.IsEmpty)
                return;
            output.Write("\r\n "u8);
            column = 1;
        }
    }

    private static int QuotedLength(ReadOnlySpan<byte> utf8)
    {
        var length = 0;
        foreach (var c in utf8)
            length += IsQSafe(c) ? 1 : 3;
        return length;
    }

    private static int TakeQuoted(ReadOnlySpan<byte> utf8, int room)
    {
        var taken = 0;
        var used = 0;
        while (taken < utf8.Length)
        {
            var length = CharacterLength(utf8[taken..]);
            used += length == 1 && IsQSafe(utf8[taken]) ? 1 : length * 3;
            if (used > room)
                break;
            taken += length;
        }
        return taken;
    }

    private static int TakeRunes(ReadOnlySpan<byte> utf8, int bytes)
    {
        var taken = 0;
        while (taken < utf8.Length)
        {
            var length = CharacterLength(utf8[taken..]);
            if (taken + length > bytes)
                break;
            taken += length;
        }
        return taken;
    }

    /// <summary>Bytes of a letter with the marks on it, or of an emoji with what modifies it, as far as they fit into any word.</summary>
    private static int CharacterLength(ReadOnlySpan<byte> utf8)
    {
        Rune.DecodeFromUtf8(utf8, out _, out var length);
        while (length < utf8.Length && utf8[length] >= 0x80)
        {
            Rune.DecodeFromUtf8(utf8[length..], out var next, out var bytes);
            if (next.Value == ZeroWidthJoiner && length + bytes < utf8.Length)
            {
                Rune.DecodeFromUtf8(utf8[(length + bytes)..], out _, out var joined);
                bytes += joined;
            }
            else if (!IsMark(next))
            {
                break;
            }
            if (length + bytes > MaxCharacterBytes)
                break;
            length += bytes;
        }
        return length;
    }

    private static bool IsMark(Rune rune) => rune.Value is >= 0x1F3FB and <= 0x1F3FF
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static void WriteQuoted(ReadOnlySpan<byte> utf8, ByteBuffer output)
    {
        foreach (var c in utf8)
        {
            if (c == (byte)' ')
            {
                output.WriteByte((byte)'_');
            }
            else if (IsQSafe(c))
            {
                output.WriteByte(c);
            }
            else
            {
                output.WriteByte((byte)'=');
                output.WriteByte("0123456789ABCDEF"u8[c >> 4]);
                output.WriteByte("0123456789ABCDEF"u8[c & 15]);
            }
        }
    }

    private static void WriteBase64(ReadOnlySpan<byte> utf8, ByteBuffer output)
    {
        Base64.EncodeToUtf8(utf8, output.GetSpan(Base64.GetMaxEncodedToUtf8Length(utf8.Length)), out _, out var written);
        output.Advance(written);
    }

    private static bool IsQSafe(byte c) => char.IsAsciiLetterOrDigit((char)c) || c is (byte)' ' or (byte)'!' or (byte)'*' or (byte)'+' or (byte)'-' or (byte)'/';
}
