using System.Buffers;
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

    /// <summary>All that is more than a letter, but for the space: a stretch without any is copied at once if it has no two spaces in a row.</summary>
    private static readonly SearchValues<byte> Marks = SearchValues.Create([(byte)'\t', (byte)'\r', (byte)'\n', (byte)Line, (byte)Paragraph]);

    public static void Write(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        var breaks = 0;
        var space = false;
        var started = false;
        while (!text.IsEmpty)
        {
            var length = text.IndexOfAny(Marks);
            if (length < 0)
                length = text.Length;
            if (length > 0)
            {
                Add(text[..length], ref breaks, ref space, ref started, output);
                text = text[length..];
                continue;
            }
            switch (text[0])
            {
                case (byte)'\t':
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
                default:
                    breaks = 2;
                    break;
            }
            text = text[1..];
        }
        if (started)
            output.WriteByte((byte)'\n');
    }

    /// <summary>Adds words with spaces between and around them.</summary>
    private static void Add(ReadOnlySpan<byte> words, ref int breaks, ref bool space, ref bool started, ByteBuffer output)
    {
        while (true)
        {
            var trimmed = words.TrimStart((byte)' ');
            space |= trimmed.Length < words.Length;
            if (trimmed.IsEmpty)
                return;
            var end = trimmed.IndexOf("  "u8);
            var run = end < 0 ? trimmed : trimmed[..end];
            words = trimmed[run.Length..];
            if (started && breaks > 0)
                output.Write(breaks == 1 ? "\n"u8 : "\n\n"u8);
            else if (started && space)
                output.WriteByte((byte)' ');
            breaks = 0;
            started = true;
            space = run[^1] == (byte)' ';
            output.Write(space ? run[..^1] : run);
        }
    }
}
