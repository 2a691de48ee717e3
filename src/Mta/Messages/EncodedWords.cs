using System.Buffers.Text;
using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Encoded-words in UTF-8 (RFC 2047): each at most 75 characters, cut between characters, one a line. The alphabet
/// of "Q" is the one allowed in a phrase, so that the same words serve names and unstructured fields.
/// </summary>
internal static class EncodedWords
{
    private const int MaxWord = 75;
    private const int MaxLine = 78;
    private const int Frame = 12;

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
            var length = RuneLength(utf8[taken..]);
            used += IsQSafe(utf8[taken]) ? 1 : length * 3;
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
            var length = RuneLength(utf8[taken..]);
            if (taken + length > bytes)
                break;
            taken += length;
        }
        return taken;
    }

    private static int RuneLength(ReadOnlySpan<byte> utf8)
    {
        Rune.DecodeFromUtf8(utf8, out _, out var length);
        return length;
    }

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
