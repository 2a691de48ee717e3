using System.Buffers;
using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Writes header fields (RFC 5322 section 2.2) from clean text: folded to 78 characters where there are spaces,
/// never over 998, in encoded-words where ASCII cannot say it.
/// </summary>
internal static class HeaderWriter
{
    /// <summary>Bytes of one rendered value.</summary>
    public const int MaxValueBytes = 8 * 1024;

    private const int MaxLine = 78;
    private const int MaxPlainPiece = 900;
    private const int MaxPlainName = 60;
    private static readonly SearchValues<byte> AText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~ "u8);

    /// <summary>A field of free text: <paramref name="value"/> comes from <see cref="HeaderText.Clean"/>.</summary>
    public static void WriteText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ByteBuffer output)
    {
        output.Write(name);
        output.Write(": "u8);
        var column = name.Length + 2;
        if (NeedsEncoding(value) || LongestPiece(value) > MaxPlainPiece)
            EncodedWords.Write(value, output, ref column);
        else
            WriteFolded(value, output, column);
        output.Write("\r\n"u8);
    }

    /// <summary>A field of one mailbox; an empty display name leaves the address alone.</summary>
    public static void WriteMailbox(ReadOnlySpan<byte> name, ReadOnlySpan<byte> displayName, ReadOnlySpan<byte> address, ByteBuffer output)
    {
        output.Write(name);
        output.Write(": "u8);
        var column = name.Length + 2;
        if (displayName.IsEmpty)
        {
            output.Write(address);
            output.Write("\r\n"u8);
            return;
        }
        WritePhrase(displayName, output, ref column);
        output.Write(column + address.Length + 3 > MaxLine ? "\r\n <"u8 : " <"u8);
        output.Write(address);
        output.Write(">\r\n"u8);
    }

    private static void WritePhrase(ReadOnlySpan<byte> text, ByteBuffer output, ref int column)
    {
        if (NeedsEncoding(text) || text.Length > MaxPlainName)
        {
            EncodedWords.Write(text, output, ref column);
            return;
        }
        var before = output.Length;
        if (!text.ContainsAnyExcept(AText) && text.IndexOf("  "u8) < 0)
        {
            output.Write(text);
        }
        else
        {
            output.WriteByte((byte)'"');
            foreach (var c in text)
            {
                if (c is (byte)'"' or (byte)'\\')
                    output.WriteByte((byte)'\\');
                output.WriteByte(c);
            }
            output.WriteByte((byte)'"');
        }
        column += output.Length - before;
    }

    /// <summary>What is not ASCII, and what a reader would take for an encoded-word.</summary>
    private static bool NeedsEncoding(ReadOnlySpan<byte> text) => !Ascii.IsValid(text) || text.IndexOf("=?"u8) >= 0;

    /// <summary>Bytes between two places where a line may be broken.</summary>
    private static int LongestPiece(ReadOnlySpan<byte> text)
    {
        if (text.Length <= MaxPlainPiece)
            return text.Length;
        var longest = 0;
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (i + 1 < text.Length && !MayBreakBefore(text, i))
                continue;
            longest = Math.Max(longest, i - start);
            start = i;
        }
        return longest;
    }

    /// <summary>Breaks lines before a space that a word follows, so that unfolding gives back the same text.</summary>
    private static void WriteFolded(ReadOnlySpan<byte> text, ByteBuffer output, int column)
    {
        while (text.Length > MaxLine - column)
        {
            var at = BreakBefore(text, MaxLine - column);
            if (at < 0)
                break;
            output.Write(text[..at]);
            output.Write("\r\n"u8);
            text = text[at..];
            column = 0;
        }
        output.Write(text);
    }

    private static int BreakBefore(ReadOnlySpan<byte> text, int room)
    {
        var best = -1;
        for (var i = 1; i + 1 < text.Length; i++)
        {
            if (!MayBreakBefore(text, i))
                continue;
            if (i > room && best >= 0)
                break;
            best = i;
            if (i > room)
                break;
        }
        return best;
    }

    /// <summary>A lone space between words: no line is left that has only white space, or begins or ends with more than one.</summary>
    private static bool MayBreakBefore(ReadOnlySpan<byte> text, int i) =>
        text[i] == (byte)' ' && text[i + 1] != (byte)' ' && text[i - 1] != (byte)' ';
}
