using System.Buffers;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Quoted-printable (RFC 2045 section 6.7) of text: lines of at most 76 characters, every kind of line end becomes
/// CRLF, no blank at the end of a line. Output never contains "=_".
/// </summary>
internal static class QuotedPrintable
{
    /// <summary>What fits before the '=' of a soft line break.</summary>
    private const int Room = 75;
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create("\t !\"#$%&'()*+,-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    public static void Encode(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        var column = 0;
        while (!text.IsEmpty)
        {
            var run = text.IndexOfAnyExcept(Plain);
            if (run < 0)
                run = text.Length;
            var atLineEnd = run == text.Length || text[run] is (byte)'\r' or (byte)'\n';
            if (run > 0)
                WriteRun(text[..run], atLineEnd, output, ref column);
            text = text[run..];
            if (text.IsEmpty)
                return;
            if (!atLineEnd)
            {
                WriteEscape(text[0], output, ref column);
                text = text[1..];
                continue;
            }
            output.Write("\r\n"u8);
            column = 0;
            text = text[(text[0] == (byte)'\r' && text.Length > 1 && text[1] == (byte)'\n' ? 2 : 1)..];
        }
    }

    private static void WriteRun(ReadOnlySpan<byte> run, bool atLineEnd, ByteBuffer output, ref int column)
    {
        var last = run[^1];
        var blank = atLineEnd && (last is (byte)' ' or (byte)'\t');
        if (blank)
            run = run[..^1];
        while (run.Length > Room - column)
        {
            var take = Room - column;
            output.Write(run[..take]);
            output.Write("=\r\n"u8);
            run = run[take..];
            column = 0;
        }
        output.Write(run);
        column += run.Length;
        if (blank)
            WriteEscape(last, output, ref column);
    }

    private static void WriteEscape(byte value, ByteBuffer output, ref int column)
    {
        if (column + 3 > Room)
        {
            output.Write("=\r\n"u8);
            column = 0;
        }
        var span = output.GetSpan(3);
        span[0] = (byte)'=';
        span[1] = "0123456789ABCDEF"u8[value >> 4];
        span[2] = "0123456789ABCDEF"u8[value & 15];
        output.Advance(3);
        column += 3;
    }
}
