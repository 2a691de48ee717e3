using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Sets text that was made from HTML: one space between words, no blank at either end of a line, at most one empty
/// line in a row, none at either end.
/// </summary>
internal static class TextNormalizer
{
    /// <summary>"The next word begins a line": what a block element stands for.</summary>
    public const char Line = '\u0001';

    /// <summary>"An empty line stands before the next word": what a paragraph stands for.</summary>
    public const char Paragraph = '\u0002';

    public static void Write(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        var breaks = 0;
        var space = false;
        var started = false;
        foreach (var c in text)
        {
            switch (c)
            {
                case (byte)' ' or (byte)'\t':
                    space = true;
                    break;
                case (byte)'\r':
                    break;
                case (byte)'\n':
                    breaks = Math.Min(breaks + 1, 2);
                    break;
                case (byte)Line:
                    breaks = Math.Max(breaks, 1);
                    break;
                case (byte)Paragraph:
                    breaks = 2;
                    break;
                default:
                    if (started && breaks > 0)
                        output.Write(breaks == 1 ? "\n"u8 : "\n\n"u8);
                    else if (started && space)
                        output.WriteByte((byte)' ');
                    output.WriteByte(c);
                    breaks = 0;
                    space = false;
                    started = true;
                    break;
            }
        }
        if (started)
            output.WriteByte((byte)'\n');
    }
}
